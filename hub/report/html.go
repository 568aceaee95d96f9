package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"

	"github.com/hubplan/hubplan/hub"
)

//go:embed page.html
var page string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"percent": percent, "clock": clock, "thousands": thousands, "hours": hours, "plural": plural,
	"some": some, "name": name, "depths": depths, "join": strings.Join,
	"proof": proof, "objectiveName": objectiveName,
	"tonnes":   func(x float64) string { return fmt.Sprintf("%.1f", x) },
	"round":    func(x float64) string { return thousands(int(math.Round(x))) },
	"figure":   func(x float64) string { return fmt.Sprintf("%.3f", x) },
	"within":   within,
	"way":      way,
	"kgPerson": func(d hub.DemandSettings) string { return fmt.Sprintf("%.3f", 1000*d.TonnesPersonDay()) },
}).Parse(page))

// HTML writes the plan as one self-contained page, readable on a phone and on
// paper: the map of [SVG] and the tables of scores. It loads nothing from elsewhere.
func HTML(w io.Writer, p *hub.Plan, s *hub.Scenario) error {
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, struct {
		Plan     *hub.Plan
		Settings *hub.Settings
		Map      template.HTML // drawMap escapes what comes from the scenario
	}{p, &s.Settings, template.HTML(drawMap(p, s))})
	if err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}
