package main

// region is what the boundary file does not say about a first-level region.
type region struct {
	source     string // name in the TopoJSON file
	admin1     string // first-level code in the GeoNames dump
	code       string // ISO 3166-2:UA
	name       string // present-day romanised name
	group      string // part of the country, a grouping for reports
	population int
}

// regions is in the order of the codes. The ids of the TopoJSON file are
// wrong for some regions (Odesa and Mykolaiv share one), so names decide.
//
// Codes: ISO 3166-2:UA. Populations: State Statistics Service of Ukraine,
// estimate of the present population on 1 January 2022; for Crimea and
// Sevastopol its last estimate, 1 January 2014. The groups are ours.
var regions = []region{
	{"Vinnytsya", "23", "UA-05", "Vinnytsia", "centre", 1509515},
	{"Volyn", "24", "UA-07", "Volyn", "west", 1021356},
	{"Luhans'k", "14", "UA-09", "Luhansk", "east", 2102921},
	{"Dnipropetrovs'k", "04", "UA-12", "Dnipropetrovsk", "east", 3096485},
	{"Donets'k", "05", "UA-14", "Donetsk", "east", 4059372},
	{"Zhytomyr", "27", "UA-18", "Zhytomyr", "north", 1179032},
	{"Transcarpathia", "25", "UA-21", "Zakarpattia", "west", 1244476},
	{"Zaporizhzhya", "26", "UA-23", "Zaporizhzhia", "south", 1638462},
	{"Ivano-Frankivs'k", "06", "UA-26", "Ivano-Frankivsk", "west", 1351822},
	{"Kiev City", "12", "UA-30", "Kyiv city", "north", 2952301},
	{"Kiev", "13", "UA-32", "Kyiv oblast", "north", 1795079},
	{"Kirovohrad", "10", "UA-35", "Kirovohrad", "centre", 903712},
	{"Sevastopol", "20", "UA-40", "Sevastopol", "south", 385870},
	{"Crimea", "11", "UA-43", "Crimea", "south", 1967259},
	{"L'viv", "15", "UA-46", "Lviv", "west", 2478133},
	{"Mykolayiv", "16", "UA-48", "Mykolaiv", "south", 1091821},
	{"Odessa", "17", "UA-51", "Odesa", "south", 2351392},
	{"Poltava", "18", "UA-53", "Poltava", "centre", 1352283},
	{"Rivne", "19", "UA-56", "Rivne", "west", 1141784},
	{"Sumy", "21", "UA-59", "Sumy", "north", 1035772},
	{"Ternopil'", "22", "UA-61", "Ternopil", "west", 1021713},
	{"Kharkiv", "07", "UA-63", "Kharkiv", "east", 2598961},
	{"Kherson", "08", "UA-65", "Kherson", "south", 1001598},
	{"Khmel'nyts'kyy", "09", "UA-68", "Khmelnytskyi", "west", 1228829},
	{"Cherkasy", "01", "UA-71", "Cherkasy", "centre", 1160744},
	{"Chernihiv", "02", "UA-74", "Chernihiv", "north", 959315},
	{"Chernivtsi", "03", "UA-77", "Chernivtsi", "west", 890457},
}

// regionBy returns the region for which match holds.
func regionBy(match func(region) bool) (region, bool) {
	for _, r := range regions {
		if match(r) {
			return r, true
		}
	}
	return region{}, false
}
