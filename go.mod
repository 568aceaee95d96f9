module github.com/hubplan/hubplan

go 1.25.0

require (
	github.com/golang/geo v0.0.0-20260818125358-b200a1149890
	github.com/paulmach/orb v0.14.0
	gonum.org/v1/gonum v0.17.0
	pgregory.net/rapid v1.3.0
)
