//go:build !js

package view

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
)

// Whatever is said of any frame of any scenario has a sentence in every
// language, with a value for each of its placeholders.
func TestEverythingIsWorded(t *testing.T) {
	for _, lang := range i18n.Languages {
		c := i18n.Load(lang)
		for _, sc := range scenario.All {
			s := tell(t, sc.ID)
			last, accounts := len(s.frames)-1, sc.Setup().Server.Accounts
			for at, e := range s.Entries {
				v := s.Look(at)
				all := append([]Words{s.Next(at), s.Live(at), v.Title}, e.Notes...)
				ids := []ID{v.Rule.Text, v.Rule.How}
				if e.Over != nil {
					all = append(all, e.Over.Words...)
				}
				if e.Check != nil {
					ids = append(ids, e.Check.Reason, e.Check.Found)
					all = append(all, e.Check.Title)
				}
				for _, card := range v.Cards {
					all = append(all, card.Title)
					ids = append(ids, card.Text, card.Result)
					ids = append(ids, card.Known...)
					for _, o := range card.From {
						ids = append(ids, o.Name.Label)
						all = append(all, o.How...)
					}
				}
				for _, r := range v.Records {
					ids = append(append(ids, r.Seen, r.Leg), r.Inside...)
				}
				capture, k := s.Capture(at), s.Knows(at, Both, accounts)
				all = append(append(append(all, capture.Has, capture.Lacks), capture.More...), k.Verdict...)
				ids = append(ids, k.Knowers...)
				for _, row := range k.Rows {
					ids = append(ids, row.Name)
				}
				if at == last {
					for _, from := range Vantages {
						ending := s.Ending(from, sc.Setup())
						all = append(append(all, ending.Proved...), ending.Heard...)
						for _, way := range ending.Ways {
							ids = append(ids, ID("ui.way."+string(way)))
						}
					}
				}
				client, server := s.Lanes(at)
				for _, id := range append(ids, client, server) {
					if id != "" && !c.Has(string(id)) {
						t.Errorf("%s, %s, frame %d: no sentence for %q", lang, sc.ID, at, id)
					}
				}
				for _, w := range all {
					text := c.T(w.ID, w.Args...)
					for _, arg := range w.Args { // JSON that was said has braces of its own
						if said, ok := arg.(string); ok && strings.ContainsAny(said, "{}") {
							text = strings.ReplaceAll(text, said, "")
						}
					}
					if !c.Has(w.ID) || strings.ContainsAny(text, "{}") {
						t.Errorf("%s, %s, frame %d: %q is said as %q", lang, sc.ID, at, w.ID, text)
					}
					for _, arg := range w.Args {
						if id, ok := arg.(ID); ok && !c.Has(string(id)) {
							t.Errorf("%s, %s, frame %d: no sentence for %q", lang, sc.ID, at, id)
						}
					}
				}
			}
		}
	}
}
