// Package format answers one question: which location problem does a file
// state, and how is a problem stated so that other solvers can read it?
//
// It reads the files by which location models are compared in the literature,
// and tables, into [locate.Problem]:
//
//	pmed     OR-Library p-median: a graph, its shortest paths are the costs
//	scp      OR-Library set cover
//	cap      OR-Library warehouses, also the layout of part of UflLib
//	ufllib   UflLib, the simple layout or that of cap
//	tsplib   TSPLIB coordinates, and coordinates with demands (TYPE : MCLP)
//	sjc      a number of points and their coordinates
//	grid     candidate sites with costs and customers with demands
//	cities   Snyder and Daskin's tables of cities
//	points   CSV of places
//	matrix   CSV of costs, a row for each demand
//	pairs    CSV of possible pairs and their costs
//
// and, to be called by name, three with capacities:
//
//	holmberg        Holmberg, and Yang: single source
//	diaz-fernandez  Díaz and Fernández: single source
//	tbed1           Avella and Boccia: demands that divide
//
// [Read] finds out which, [Open] opens a file or a member of an archive, and
// every format has a reader of its own. [WriteMPS] and [WriteLP] write any
// problem as a mixed-integer program.
//
// All readers are strict: a file that is cut off, has more in it than it
// says, or a number that is not what it should be, is an error of the types
// of package geo/input with line and column, and nothing is returned. Files
// may be packed by gzip. What a header says is checked against what follows
// before memory is set aside for it.
//
// Demands and sites are numbered from 0 in the order of the file, also where
// the file itself counts from 1.
//
// Sources: J. E. Beasley, OR-Library, Journal of the Operational Research
// Society 41 (1990), https://doi.org/10.1057/jors.1990.166; G. Reinelt,
// TSPLIB, ORSA Journal on Computing 3 (1991),
// https://doi.org/10.1287/ijoc.3.4.376; M. Hoefer, UflLib, Max-Planck-Institut
// für Informatik (2002).
package format
