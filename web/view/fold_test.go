package view

import (
	"reflect"
	"testing"
)

func TestFold(t *testing.T) {
	line := func(texts ...string) (l Line) {
		for _, text := range texts {
			l = append(l, Run{Plain, text})
		}
		return l
	}
	for _, test := range []struct {
		name          string
		lines         []Line
		shown, folded []Line
		rest          int
	}{
		{"all fits", []Line{line("ab"), line("cd")}, []Line{line("ab"), line("cd")}, nil, 0},
		{"as many lines as fit", []Line{line("a"), line("b"), line("c")}, []Line{line("a"), line("b"), line("c")}, nil, 0},
		{"too many lines", []Line{line("a"), line("b"), line("c"), line("d")}, []Line{line("a"), line("b")}, []Line{line("c"), line("d")}, 0},
		{"a long line", []Line{line("абв", "гдежз")}, []Line{line("абв", "где")}, []Line{line("жз")}, 2},
		{"a long line before others", []Line{line("abcd"), line("efgh", "i"), line("j")}, []Line{line("abcd"), line("ef")}, []Line{line("gh", "i"), line("j")}, 4},
		{"both", []Line{line("abcdefg"), line("b"), line("c"), line("d")}, []Line{line("abcdef")}, []Line{line("g"), line("b"), line("c"), line("d")}, 4},
		{"nothing", nil, nil, nil, 0},
	} {
		shown, folded, rest := Fold(test.lines, 3, 6)
		if !reflect.DeepEqual(shown, test.shown) || !reflect.DeepEqual(folded, test.folded) || rest != test.rest {
			t.Errorf("%s: %v | %v, %d", test.name, shown, folded, rest)
		}
	}
}
