// Package report writes a plan for people and their tools: a summary for the
// terminal ([Text]), the plan for programs ([JSON]), layers for a map ([GeoJSON])
// and one page with a map and tables that needs nothing else ([HTML]).
//
// Every writer gives the same bytes for the same plan.
package report

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/hubplan/hubplan/hub"
)

// JSON writes the plan as one indented JSON object and a line feed.
func JSON(w io.Writer, p *hub.Plan) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil {
		return err
	}
	return b.Flush()
}
