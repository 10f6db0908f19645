package view

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"golang.org/x/text/unicode/norm"
)

// A Kind is what something that is found is.
type Kind string

const (
	FoundScenario Kind = "scenario"
	FoundAct      Kind = "act" // of a meeting
	FoundServer   Kind = "server"
	FoundClient   Kind = "client"
	FoundReply    Kind = "reply"
)

// Kinds are all of them, in the order in which they are listed.
var Kinds = []Kind{FoundScenario, FoundAct, FoundServer, FoundClient, FoundReply}

// A Result is one thing that can be found. Those other than scenarios are read
// from index/LANG.json, which the build makes.
type Result struct {
	Kind  Kind     `json:"kind"`
	Title string   `json:"title"`
	Note  string   `json:"note,omitempty"`  // shown below the title
	More  string   `json:"more,omitempty"`  // found by, not shown
	Codes []string `json:"codes,omitempty"` // "535", "5.7.8"
	Place Place    `json:"place"`
}

// A Place is where an entry leads.
type Place struct {
	In    Kind   `json:"in"`              // any but FoundReply
	ID    string `json:"id"`              // of a scenario; "ID/ACT"; "ID/VARIANT" of a program
	Edits []Edit `json:"edits,omitempty"` // of the set-up with a program
	At    int    `json:"at,omitempty"`    // frame
}

// An Edit puts a value into a slot of the set-up.
type Edit struct {
	Slot  Slot   `json:"slot"`
	Value string `json:"value"`
}

// Reach is the set-up that the page opens with, a side of it like that of a
// program, and edited.
func Reach(like session.Setup, to Place) session.Setup {
	opening, _ := scenario.ByID(scenario.Default)
	setup := opening.Setup()
	Imitate(&setup, session.Side(to.In), like)
	for _, e := range to.Edits {
		Change(&setup, e.Slot, e.Value)
	}
	return setup
}

// Scenarios are those that the program knows by itself, in a language.
func Scenarios(text i18n.Catalog) (all []Result) {
	for _, s := range scenario.All {
		e := Result{Kind: FoundScenario, Title: text.T("scenario." + s.ID + ".title"), Note: text.T("scenario." + s.ID + ".watch"),
			More: facts(s) + Called(text, FoundScenario, s.ID), Place: Place{In: FoundScenario, ID: s.ID}}
		for _, code := range s.Codes {
			e.Codes = append(e.Codes, strconv.Itoa(code))
		}
		all = append(all, e)
	}
	return all
}

// Called is what people call a thing that does not call itself so, with a blank
// before it: data of the language.
func Called(text i18n.Catalog, kind Kind, id string) string {
	if id = "find." + string(kind) + "." + id; text.Has(id) {
		return " " + text.T(id)
	}
	return ""
}

// facts are what a scenario can be found by in any language.
func facts(s scenario.Scenario) string {
	setup := s.Setup()
	return fmt.Sprint(s.ID, " ", setup.Client.Mechanisms, " ", setup.Server.Role, " ", setup.Server.Role.Port(), " ", setup.Client.TLS)
}

// A Finder finds entries by words.
type Finder struct{ rows []indexed }

type indexed struct {
	Result
	title, whole string // folded
}

// NewFinder returns one over entries.
func NewFinder(entries ...[]Result) *Finder {
	f := new(Finder)
	for _, e := range slices.Concat(entries...) {
		f.rows = append(f.rows, indexed{e, fold(e.Title), fold(strings.Join(append(e.Codes, e.Title, e.Note, e.More), " "))})
	}
	return f
}

// Results are what was found of one kind, the best first.
type Results struct {
	Kind Kind
	All  []Result
	More int // that are left out
	best rank
}

// A rank says by what an entry was found; the least is the best.
type rank int

const (
	byCode rank = iota
	byTitle
	byText
)

// most is how many entries of a kind are listed.
const most = 60

// Find returns the entries that have every word of a query, the kind with the
// best one first. No words find the scenarios.
func (f *Finder) Find(query string) (groups []Results) {
	words := strings.Fields(fold(query))
	for _, kind := range Kinds {
		if len(words) == 0 && kind != FoundScenario {
			break
		}
		var found [byText + 1][]Result
		for i := range f.rows {
			if r := &f.rows[i]; r.Kind == kind && has(r.whole, words) {
				found[r.rank(words)] = append(found[r.rank(words)], r.Result)
			}
		}
		all := slices.Concat(found[:]...)
		if len(all) == 0 {
			continue
		}
		n := min(len(all), most)
		g := Results{Kind: kind, All: all[:n], More: len(all) - n}
		for len(found[g.best]) == 0 {
			g.best++
		}
		groups = append(groups, g)
	}
	slices.SortStableFunc(groups, func(a, b Results) int { return int(a.best - b.best) })
	return groups
}

func (r *indexed) rank(words []string) rank {
	switch {
	case slices.ContainsFunc(words, func(w string) bool { return slices.Contains(r.Codes, w) }):
		return byCode
	case has(r.title, words):
		return byTitle
	}
	return byText
}

func has(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// fold takes case, width and accents away: "Ｅ" and "é" are e, "ё" is е.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}
