package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/hub/locate/format"
)

// settings are the flags that say what to solve and how. A row of a batch has
// its own, which begin as those of the command line.
type settings struct {
	model   locate.Model
	metric  locate.Metric
	format  format.Format
	problem locate.Problem // P, Radius, Fade, Budget, Share and Median
	options locate.Options
	weights string
	name    string // of the model, where it is one with another field set
	fold    int
	units   int
	failure float64
	hub     locate.Hub
	decay   float64
	rival   float64
	service service
	limit   float64
	time    time.Duration
	mps, lp string

	given map[string]bool // flags that were set
	root  string          // what relative names of files are relative to
}

// declare declares the flags with what the settings hold as defaults.
func (s *settings) declare(f *flag.FlagSet) {
	f.Func("model", "`model`: "+strings.Join(modelNames(), ", ")+"; by default that of the file", s.setModel)
	f.Float64Var(&s.limit, "capacity", s.limit, "`most` that every site can serve, in capacitated and single-source")
	f.Func("metric", "`metric` of coordinates: euclidean, floor, round, ceil, manhattan, maximum, att, geo or great-circle; by default that of the file", func(text string) error { return s.metric.UnmarshalText([]byte(text)) })
	f.Func("format", "`format`: pmed, scp, cap, ufllib, tsplib, sjc, grid, cities, points, matrix, pairs, holmberg, diaz-fernandez or tbed1; by default found out from the content", func(text string) error { return s.format.UnmarshalText([]byte(text)) })
	f.IntVar(&s.problem.P, "p", s.problem.P, "`number` of sites to open, existing ones aside; by default that of the file")
	f.Float64Var(&s.problem.Radius, "radius", s.problem.Radius, "largest `cost` that covers, inf for any")
	f.Float64Var(&s.problem.Fade, "fade", s.problem.Fade, "`cost` beyond the radius at which cover fades to nothing, in maximal-cover and cooperative-cover")
	f.Float64Var(&s.problem.Outer, "outer", s.problem.Outer, "`cost` within which double-standard covers all")
	f.Float64Var(&s.problem.Primary, "primary", s.problem.Primary, "`weight` of the first cover against the second in backup-cover; by default the first is a must")
	f.Float64Var(&s.problem.Threshold, "threshold", s.problem.Threshold, "`sum` of signals that covers in cooperative-cover")
	f.IntVar(&s.fold, "fold", s.fold, "`number` of sites that must cover a demand, in set-cover and maximal-cover")
	f.IntVar(&s.units, "units", s.units, "largest `number` of units at a site, in the models that count what covers")
	f.Float64Var(&s.failure, "failure", s.failure, "`probability` that a site is out of service (of those of the file that may fail)")
	f.Float64Var(&s.problem.Penalty, "penalty", s.problem.Penalty, "`cost` of a unit of demand that no site serves; by default that of the file")
	f.IntVar(&s.problem.Loss, "loss", s.problem.Loss, "`number` of sites lost at worst, in robust-cover and the fortifications")
	f.BoolVar(&s.hub.Single, "single", s.hub.Single, "in the hub models, one hub for every node")
	f.Float64Var(&s.hub.Transfer, "discount", s.hub.Transfer, "`factor` of the cost between hubs; 1 by default")
	f.Float64Var(&s.decay, "decay", 1, "`exponent` by which utility falls with cost in huff")
	f.Float64Var(&s.rival, "rival", s.rival, "`utility` of what rivals offer to every demand in huff")
	f.Float64Var(&s.problem.Budget, "budget", s.problem.Budget, "largest `sum` of opening costs")
	f.Float64Var(&s.problem.Share, "share", s.problem.Share, "`part` of the weight to cover, in set-cover and double-standard")
	f.BoolVar(&s.problem.Median, "median", s.problem.Median, "among the solutions of p-center, ask for that of least total cost")
	f.StringVar(&s.weights, "weights", s.weights, "read the weights of the demands from this `file`")
	f.Float64Var(&s.options.Gap, "gap", s.options.Gap, "end the search at this relative `gap`")
	f.IntVar(&s.options.Nodes, "nodes", s.options.Nodes, "end the search after so `many` nodes of the tree")
	f.IntVar(&s.options.Workers, "workers", s.options.Workers, "`number` of goroutines; by default one for each processor")
	f.Uint64Var(&s.options.Seed, "seed", s.options.Seed, "`seed` of the search and of uniform: problems")
	f.DurationVar(&s.time, "time", s.time, "interrupt the search after this `time`, such as 60s")
	f.StringVar(&s.mps, "write-mps", s.mps, "write the model to this `file` as free MPS before it is solved")
	f.StringVar(&s.lp, "write-lp", s.lp, "write the model to this `file` in CPLEX LP format before it is solved")
}

// note remembers which flags were set.
func (s *settings) note(f *flag.FlagSet) {
	s.given = maps.Clone(s.given)
	if s.given == nil {
		s.given = make(map[string]bool)
	}
	f.Visit(func(f *flag.Flag) { s.given[f.Name] = true })
}

// solve reads a problem, writes it if that is asked for, and solves it.
func (s *settings) solve(ctx context.Context, file string, line *line) (*answer, error) {
	line.stage("reading " + file)
	in, err := s.read(ctx, file)
	if err != nil {
		return nil, err
	}
	if err := s.complete(ctx, in); err != nil {
		return nil, err
	}
	if s.mps != "" {
		line.stage("writing " + s.mps)
		if err := save(s.mps, in.Problem, format.WriteMPS); err != nil {
			return nil, err
		}
	}
	if s.lp != "" {
		line.stage("writing " + s.lp)
		if err := save(s.lp, in.Problem, format.WriteLP); err != nil {
			return nil, err
		}
	}
	line.stage("solving " + file)
	if s.time > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, s.time)
		defer stop()
	}
	options := s.options
	options.Progress = line.show
	begin := cpuTime()
	solution, err := locate.Solve(ctx, in.Problem, options)
	if errors.Is(err, locate.ErrInfeasible) && in.DemandNames != nil && !(in.Model == locate.SetCover && in.Share > 0) {
		if i := unserved(in); i >= 0 {
			err = fmt.Errorf("%w (demand %d is %q)", err, i, in.DemandNames[i])
		}
	}
	if err != nil {
		return nil, err
	}
	return &answer{in, solution, cpuTime() - begin, s.name}, nil
}

// unserved returns the first demand that no site can serve, or cover where that
// is what counts; -1 if there is none.
func unserved(in *format.Instance) int {
	radius := math.MaxFloat64
	if in.Model == locate.SetCover {
		radius = min(radius, in.Radius)
	}
	n, m := in.Costs.Size()
demands:
	for i := range n {
		if in.Weight != nil && in.Weight[i] == 0 {
			continue
		}
		for j := range m {
			if (in.Site == nil || in.Site[j] != locate.Excluded) && in.Costs.At(i, j) <= radius {
				continue demands
			}
		}
		return i
	}
	return -1
}

// read reads or draws a problem.
func (s *settings) read(ctx context.Context, file string) (*format.Instance, error) {
	if size, ok := strings.CutPrefix(file, "uniform:"); ok {
		return s.draw(size)
	}
	path := s.path(file)
	if filepath.Ext(path) == ".json" {
		return readScenario(ctx, path)
	}
	f, err := format.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return format.Read(ctx, f, path, s.format)
}

// draw draws a problem of size N or NxM.
func (s *settings) draw(size string) (*format.Instance, error) {
	const most = 100_000_000 // points of 16 bytes
	demands, sites, both := strings.Cut(size, "x")
	n, err := strconv.Atoi(demands)
	m := 0
	if both && err == nil {
		m, err = strconv.Atoi(sites)
	}
	if err != nil || n < 1 || n > most || both && (m < 1 || m > most) {
		return nil, misusef("uniform:%s is not uniform:N or uniform:NxM with numbers from 1 to %d", size, most)
	}
	return &format.Instance{Problem: format.Uniform(n, m, s.options.Seed), Format: format.Points}, nil
}

// path is where a file of the settings is.
func (s *settings) path(file string) string {
	if s.root == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(s.root, file)
}

// complete puts into a problem what the flags say of it.
func (s *settings) complete(ctx context.Context, in *format.Instance) error {
	if s.given["model"] {
		in.Model, in.Capacity = s.model, nil
		if err := s.special(); err != nil {
			return err
		}
		if s.service != unlimited {
			if err := in.Limit(s.limit, s.service == single); err != nil {
				return err
			}
		}
	} else if !in.Stated {
		return misusef("-model is needed: files of format %v serve any", in.Format)
	}
	if s.given["metric"] {
		if err := in.SetMetric(s.metric); err != nil {
			return err
		}
	}
	if s.given["p"] {
		in.P = s.problem.P
	}
	if covers(in.Model) && !s.given["radius"] && in.Format != format.SCP && in.Radius == 0 {
		return misusef("%v needs -radius", in.Model)
	}
	if s.given["radius"] {
		in.Radius = s.problem.Radius
	}
	in.Fade, in.Budget = s.problem.Fade, s.problem.Budget
	in.Share, in.Median = s.problem.Share, s.problem.Median
	s.extend(in)
	if s.weights == "" {
		return nil
	}
	f, err := format.Open(s.path(s.weights))
	if err != nil {
		return err
	}
	defer f.Close()
	in.Weight, err = format.ReadWeights(ctx, f, s.path(s.weights))
	return err
}

// save writes a model to a file. What is half written is taken away.
func save(path string, p locate.Problem, write func(io.Writer, locate.Problem) error) error {
	if err := p.Check(); err != nil {
		return err // before the file is made
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = write(f, p)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}
