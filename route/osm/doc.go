// Package osm answers one question: which roads does an OpenStreetMap extract have,
// and what may travel on them?
//
// [Read] turns a map, in the PBF format of extracts or the XML of editors, into a
// [route.Network]. A [Map] says as well how much of the file was used and what was
// left out, with the ids to look it up by. [Count] only counts.
//
// # From the map to the network
//
// Ways become edges in the order of the file, cut at junctions: where ways meet, where
// one ends or meets itself, where a barrier stands and where a turn restriction holds.
// All else is the line of an edge. Ways of which the file lacks nodes, as extracts have
// at their border, are in the network as far as both ends of a stretch are there. A
// map is large in scraps: [route.Network.Parts] counts them and
// [route.Network.Largest] leaves them out.
//
// What is read of the tags (https://wiki.openstreetmap.org/wiki/Map_features):
//
//   - Class. The values of highway from motorway to track; links are of the class they
//     serve, road is Unclassified and living_street Residential. Footways, paths,
//     pedestrian areas, what is planned or being built, and areas (area=yes) are left
//     out. Ways with route=ferry or shuttle_train are ferries, of which relations are
//     not read. railway=rail and narrow_gauge are railways, on request. A way that is a
//     road and a railway is a road.
//   - Direction. oneway, and for cars and goods vehicles apart oneway:motorcar,
//     oneway:hgv, oneway:goods, oneway:motor_vehicle and oneway:vehicle, the most
//     specific first. Roundabouts (junction=roundabout and circular), motorways and
//     their links are one-way unless oneway says otherwise: the wiki states it of
//     roundabouts and motorways, and links are drawn so by common practice. An edge is
//     OneWay if both kinds of vehicles are bound; if one is, the other direction is
//     closed to it. A way that is one-way against its drawing is turned round.
//     oneway=reversible closes both directions, alternating none.
//   - Access (https://wiki.openstreetmap.org/wiki/Key:access) of cars by motorcar,
//     motor_vehicle, vehicle and access, the most specific first, and of goods vehicles
//     by hgv, goods, motor_vehicle, vehicle and access; each with :forward or :backward
//     before the general one. yes, designated, permissive and the like are Open;
//     destination, delivery, customers Destination; private, permit, residents,
//     employees Private; no and what is for others (agricultural, forestry, bus,
//     emergency, military) Closed. Of a list the most open counts. Unknown values are
//     as if they were absent, and so are all tags with :conditional, which hold at
//     times. A ferry that names foot or bicycle and no motor vehicle takes none. Closed
//     roads are edges too, for those whom no sign binds.
//   - Limits. maxspeed in km/h or with a unit, walk as 7 km/h, and the limits that laws
//     set as UA:urban or DE:zone:30, also from maxspeed:type, source:maxspeed and
//     zone:maxspeed. maxweight, maxweight:hgv, maxweightrating and
//     maxweightrating:hgv, the least of them, maxaxleload, maxheight and
//     maxheight:physical, maxwidth and maxwidth:physical, and maxlength, with their
//     units (https://wiki.openstreetmap.org/wiki/Map_features/Units). Limits that
//     cannot be read are reported ([UnreadWay]). hazmat=no closes an edge to dangerous
//     goods, hazmat:water and the like do not.
//   - name, ref, bridge, tunnel, layer, toll and toll:hgv; surface, or tracktype where
//     it is absent; gauge and electrified of railways; duration of ferries, shared by
//     length among the edges of the way. A ferry is boarded ([route.Attributes.Landing])
//     at the nodes where roads are.
//   - Barriers (https://wiki.openstreetmap.org/wiki/Key:barrier) on nodes of roads, with
//     their own access and limits. Gates, kerbs, cattle grids, toll booths, border
//     controls and other barriers that open let everybody pass unless tags say
//     otherwise; locked ones and bollards that can be sunk or taken out are Private; all others,
//     unknown ones included, are Closed and no wider than a metre. Every edge that ends at a barrier
//     that says anything gets a node of its own there, and an edge of length 0 that carries
//     what is said joins them. If there are more than two they are joined in a star that
//     is entered through the barrier and left freely.
//   - Turn restrictions (https://wiki.openstreetmap.org/wiki/Relation:restriction), of all
//     motor vehicles or by restriction:hgv, restriction:motorcar and except of goods vehicles
//     or cars, over a node or over one or more whole ways in order. Mandatory ones
//     bind from the first way on: whoever comes from there must follow the whole path.
//     Nobody turns round within the via ways of a prohibition or on a barrier within a
//     restriction, which would hide where he came from. Ways that pass through the
//     place of the turn are told apart by their one-way direction; where they cannot be,
//     the restriction is ambiguous and left out, save that a way may not turn into
//     itself, which holds on both sides. Restrictions at times are left out.
//
// # Method
//
// The file is read twice, block by block on all cores, so that memory is needed only
// for what becomes of it: first the ways and restrictions, then those nodes that the
// ways pass. The result does not depend on the number of cores.
//
// The PBF reader is pure Go and knows blocks without compression or with zlib, dense
// and plain nodes, in any order of blocks and objects. It refuses what breaks the
// format's limits before it takes memory for it.
//
// Sources: https://wiki.openstreetmap.org/wiki/PBF_Format and
// https://wiki.openstreetmap.org/wiki/OSM_XML. The data is © OpenStreetMap
// contributors, under the Open Database License (https://www.openstreetmap.org/copyright).
package osm
