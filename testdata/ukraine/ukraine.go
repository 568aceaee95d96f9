// Package ukraine embeds the example scenario of this folder, so that programs
// and tests find it wherever they run.
package ukraine

import "embed"

// Scenario is the name of the scenario file in [Files].
const Scenario = "scenario.json"

// Files holds the scenario and every file it names.
//
//go:embed *.json *.geojson *.csv
var Files embed.FS
