package main

import (
	"slices"

	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/hub/locate/format"
)

// service is how sites serve demands.
type service uint8

const (
	unlimited service = iota
	divided           // within their capacities
	single            // and every demand from one site
)

// special are the names of models that are another one with a field set, and
// the flag that sets it, if it is not the file that does.
var special = []struct {
	name    string
	model   locate.Model
	flag    string
	service service
}{
	{"capacitated", locate.FixedCharge, "", divided},
	{"single-source", locate.FixedCharge, "", single},
	{"expected-cover", locate.MaximalCover, "failure", unlimited},
	{"robust-cover", locate.MaximalCover, "loss", unlimited},
	{"reliable-median", locate.PMedian, "failure", unlimited},
	{"reliable-fixed-charge", locate.FixedCharge, "failure", unlimited},
}

// modelNames lists the names of all models.
func modelNames() []string {
	var names []string
	for m := locate.Model(0); ; m++ {
		text, err := m.MarshalText()
		if err != nil {
			break
		}
		names = append(names, string(text))
	}
	for _, s := range special {
		names = append(names, s.name)
	}
	return names
}

// setModel reads the name of a model.
func (s *settings) setModel(text string) error {
	s.name, s.service = "", unlimited
	for _, other := range special {
		if other.name == text {
			s.model, s.name, s.service = other.model, text, other.service
			return nil
		}
	}
	return s.model.UnmarshalText([]byte(text))
}

// special says what the name of a model asks for that is not there.
func (s *settings) special() error {
	for _, other := range special {
		if other.name == s.name && other.flag != "" && !s.given[other.flag] {
			return misusef("%s needs -%s", other.name, other.flag)
		}
	}
	return nil
}

// covers reports whether a model has a radius.
func covers(m locate.Model) bool {
	return slices.Contains([]locate.Model{
		locate.SetCover, locate.MaximalCover, locate.BackupCover, locate.DoubleStandard, locate.CooperativeCover,
		locate.CoverInterdiction, locate.CoverFortification, locate.HubCover,
	}, m)
}

// extend puts into a problem what the flags say beyond the classic models.
func (s *settings) extend(in *format.Instance) {
	n, m := in.Costs.Size()
	p := &s.problem
	in.Outer, in.Primary, in.Threshold, in.Loss, in.Penalty = p.Outer, p.Primary, p.Threshold, p.Loss, p.Penalty
	if s.given["fold"] {
		in.Fold = slices.Repeat([]int{s.fold}, n)
	}
	if s.given["units"] {
		in.Units = slices.Repeat([]int{s.units}, m)
	}
	switch in.Model {
	case locate.HubMedian, locate.HubCover:
		s.connect(in, n)
	case locate.Huff:
		in.Attraction = &locate.Attraction{Decay: s.decay, Rival: slices.Repeat([]float64{s.rival}, n)}
	}
	if s.given["failure"] {
		in.Failure = make([]float64, m)
		for j := range in.Failure {
			if in.Failable == nil || in.Failable[j] {
				in.Failure[j] = s.failure
			}
		}
	}
	if serves := in.Failure != nil && !covers(in.Model); serves && !s.given["penalty"] {
		in.Penalty = in.Emergency
	}
}

// connect makes a hub problem of places: the flow between two is the product of
// their weights.
func (s *settings) connect(in *format.Instance, n int) {
	hub := s.hub
	if hub.Transfer > 0 {
		hub.Collect, hub.Distribute = 1, 1
	}
	if in.Weight != nil {
		hub.Flow = make([]float64, n*n)
		for i, a := range in.Weight {
			for j, b := range in.Weight {
				if i != j {
					hub.Flow[i*n+j] = a * b
				}
			}
		}
		in.Weight = nil
	}
	in.Hub = &hub
}
