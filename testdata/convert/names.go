package main

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// presentName returns the name of a place as romanised today (Cabinet of
// Ministers of Ukraine, resolution 55 of 27 January 2010).
//
// The gazetteer has mostly the older BGN/PCGN romanisation of Ukrainian names,
// which respell turns into today's. In Crimea and Sevastopol it has Russian
// names; there the Ukrainian one is taken from the alternate names. Places
// renamed since, and names that neither rule gets right, come from a table.
func presentName(geonameID int, name, admin1 string, alternates []string) string {
	if fixed, ok := fixedNames[geonameID]; ok {
		return fixed
	}
	respelt := respell(name)
	if admin1 == "11" || admin1 == "20" {
		if ukrainian, ok := ukrainianAlternate(respelt, alternates); ok {
			return ukrainian
		}
	}
	return respelt
}

// respell turns a BGN/PCGN romanisation into the present one, word by word:
// no apostrophes, and й, є, ї, ю, я are written with i inside a word.
func respell(name string) string {
	name = strings.NewReplacer("’", "", "'", "", "`", "", "”", "").Replace(name)
	var b strings.Builder
	runes := []rune(name)
	for i, c := range runes {
		if c != 'y' || i == 0 {
			b.WriteRune(c)
			continue
		}
		before := unicode.ToLower(runes[i-1])
		var after, second rune
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		if i+2 < len(runes) {
			second = runes[i+2]
		}
		switch {
		case before == 'y':
			b.WriteRune('i') // the й of ий
		case after == 'y' && !isVowel(second):
			b.WriteRune('y') // the и of ий
		case after == 'a' || after == 'e' || after == 'u':
			b.WriteRune('i') // я, є, ю
		case after == 'i' && isVowel(before):
			// ї after a vowel is a plain i
		case isVowel(before):
			b.WriteRune('i') // й after a vowel
		default:
			b.WriteRune('y') // и
		}
	}
	return b.String()
}

func isVowel(c rune) bool { return c != 0 && strings.ContainsRune("aeiou", c) }

// cyrillic is the present romanisation letter by letter. A second form is for
// the beginning of a word.
var cyrillic = map[rune][2]string{
	'а': {"a"}, 'б': {"b"}, 'в': {"v"}, 'г': {"h"}, 'ґ': {"g"}, 'д': {"d"}, 'е': {"e"}, 'є': {"ie", "ye"},
	'ж': {"zh"}, 'з': {"z"}, 'и': {"y"}, 'і': {"i"}, 'ї': {"i", "yi"}, 'й': {"i", "y"}, 'к': {"k"}, 'л': {"l"},
	'м': {"m"}, 'н': {"n"}, 'о': {"o"}, 'п': {"p"}, 'р': {"r"}, 'с': {"s"}, 'т': {"t"}, 'у': {"u"}, 'ф': {"f"},
	'х': {"kh"}, 'ц': {"ts"}, 'ч': {"ch"}, 'ш': {"sh"}, 'щ': {"shch"}, 'ь': {""}, 'ю': {"iu", "yu"}, 'я': {"ia", "ya"},
	'’': {""}, '\'': {""}, 'ʼ': {""}, ' ': {" "}, '-': {"-"},
	'i': {"i"}, // a Latin i stands among Cyrillic letters in some entries
}

// romanise writes a Ukrainian name in Latin letters; ok is false if it has a
// letter that Ukrainian does not have.
func romanise(name string) (latin string, ok bool) {
	var b strings.Builder
	before := ' '
	for _, c := range name {
		forms, known := cyrillic[unicode.ToLower(c)]
		if !known {
			return "", false
		}
		s := forms[0]
		if (before == ' ' || before == '-') && forms[1] != "" {
			s = forms[1]
		}
		if unicode.ToLower(c) == 'г' && unicode.ToLower(before) == 'з' {
			s = "gh" // зг, so as not to read as ж
		}
		if unicode.IsUpper(c) && s != "" {
			s = strings.ToUpper(s[:1]) + s[1:]
		}
		b.WriteString(s)
		before = c
	}
	return b.String(), strings.ContainsFunc(name, func(c rune) bool { return unicode.Is(unicode.Cyrillic, c) })
}

// Endings that only Russian names have, and letters that only Ukrainian ones have.
var (
	russian   = regexp.MustCompile(`(ое|ее|ье|ая|яя|во|но|[ое]вка|[^ь]ский)( |$)`)
	ukrainian = regexp.MustCompile(`[іiїєґІЇЄҐ’']`)
)

// ukrainianAlternate picks the Ukrainian form among the alternate names of a
// place: the one nearest to its name by edit distance, a form with a letter
// of Ukrainian alone before one without. It must share half of the letters.
func ukrainianAlternate(name string, alternates []string) (string, bool) {
	best, bestCost := "", len(name)
	for _, a := range alternates {
		latin, ok := romanise(a)
		if !ok || russian.MatchString(a) {
			continue
		}
		cost := 2 * editDistance(name, latin)
		if !ukrainian.MatchString(a) {
			cost++
		}
		if cost < bestCost || cost == bestCost && latin < best {
			best, bestCost = latin, cost
		}
	}
	return best, best != ""
}

// editDistance is the Levenshtein distance of two strings in characters.
func editDistance(a, b string) int {
	row := make([]int, utf8.RuneCountInString(b)+1)
	for j := range row {
		row[j] = j
	}
	for _, x := range a {
		diagonal := row[0]
		row[0]++
		j := 0
		for _, y := range b {
			j++
			substitute := diagonal
			if x != y {
				substitute++
			}
			diagonal = row[j]
			row[j] = slices.Min([]int{row[j] + 1, row[j-1] + 1, substitute})
		}
	}
	return row[len(row)-1]
}
