// Package input answers one question: what does a file say, and where is it
// wrong?
//
// It reads the three kinds of file the library takes: tables (CSV), geometry
// (GeoJSON) and settings (JSON). All three readers are strict and report into
// one list, [Problems], so that the person who keeps the files sees every
// mistake of a file at once, each with its position:
//
//	sites.csv:14: storage_t: -5 is negative
//	roads.geojson: feature 17 "M06": longitude 230.1 out of range
//	scenario.json:12:5: unknown key "forse"
//
// A reader built on this package calls [ReadTable], [ReadFeatures] or [JSON],
// adds its own findings with Fail, and returns its data only if
// [Problems.Err] is nil: never half a file.
//
// Strict means that nothing is guessed, repaired or passed over in silence: a
// column or key with a misspelt name, a key given twice, text where a number
// belongs, a number that is not finite, a coordinate off the globe, a file cut
// off in the middle or in another encoding than UTF-8 are all problems. What
// one of them can hide (the rows under a bad header, the rest of a feature's
// coordinates) is not reported twice.
//
// Lines and columns count from 1; columns count bytes, as Go compilers and
// encoding/csv do. A UTF-8 byte order mark at the start of a file is skipped.
//
// Sources: RFC 4180 (CSV), RFC 7946 (GeoJSON), RFC 8259 (JSON).
package input
