package format

import "testing"

func FuzzReadHolmberg(f *testing.F) { fuzzReader(f, Holmberg) }
func FuzzReadDiaz(f *testing.F)     { fuzzReader(f, Diaz) }
func FuzzReadTBED(f *testing.F)     { fuzzReader(f, TBED) }
