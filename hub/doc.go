// Package hub answers where logistics hubs go and what they must hold.
//
// A [Scenario] is everything a planner decides or assumes: sectors, places, roads,
// candidate sites, a force to supply, a time standard. [Load] reads one from a
// scenario file and the data files it names, and [Solve] makes a [Plan] of it:
//
//	sectors and places → demand points → snapped to the road network
//	sites              → candidates    → snapped to the road network
//	times site × demand → location model (hub/locate) → hubs
//	hubs → service, redundancy, what the loss of a hub or a road costs (coverage)
//
// Every stage is public in its own package and usable alone. A plan carries the
// proof of its choice (objective, bound, gap) and the witness of every score, and
// package hub/report writes it for people and for maps.
package hub
