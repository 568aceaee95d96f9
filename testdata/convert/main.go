// Command convert writes the geometry of the Ukraine example from two public
// data sets: the boundaries of the first-level regions and the populated
// places. It reads local files only and gives the same bytes for the same
// input.
//
//	go run ./testdata/convert -topology ukr.topo.json -places cities1000.txt -out testdata/ukraine
//
// It writes sectors.geojson, places.csv and line.geojson. Every ring is
// checked before anything is written; a ring that crosses or touches itself
// is an error.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	topology := flag.String("topology", "", "TopoJSON `file` with the 27 first-level regions")
	gazetteer := flag.String("places", "", "GeoNames dump `file` (tab-separated, cities1000 layout)")
	out := flag.String("out", ".", "`folder` to write to")
	flag.Parse()
	if err := run(*topology, *gazetteer, *out, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

// run converts both inputs and writes the three files into the folder out.
// Nothing is written unless everything could be made.
func run(topology, gazetteer, out string, log io.Writer) error {
	if topology == "" || gazetteer == "" {
		return errors.New("flags -topology and -places are required")
	}
	raw, err := os.ReadFile(topology)
	if err != nil {
		return err
	}
	topo, err := decodeTopology(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", topology, err)
	}
	sectors, err := makeSectors(topo)
	if err != nil {
		return fmt.Errorf("%s: %w", topology, err)
	}
	line, err := monitoringLine(topo)
	if err != nil {
		return fmt.Errorf("%s: %w", topology, err)
	}
	file, err := os.Open(gazetteer)
	if err != nil {
		return err
	}
	defer file.Close()
	places, tally, err := readGazetteer(file, sectors)
	if err != nil {
		return fmt.Errorf("%s: %w", gazetteer, err)
	}

	var sectorsFile, placesFile, lineFile bytes.Buffer
	writeSectors(&sectorsFile, sectors)
	if err := writePlaces(&placesFile, places); err != nil {
		return err
	}
	writeLine(&lineFile, line)
	for _, f := range []struct {
		name string
		data []byte
	}{
		{"sectors.geojson", sectorsFile.Bytes()},
		{"places.csv", placesFile.Bytes()},
		{"line.geojson", lineFile.Bytes()},
	} {
		if err := os.WriteFile(filepath.Join(out, f.name), f.data, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(log, "%d sectors, %d places (%d by region code, %d where code and boundary differ), line of %d points\n",
		len(sectors), len(places), tally.byCode, tally.differ, len(line))
	return nil
}
