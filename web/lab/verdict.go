package lab

import (
	"strings"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// check shows what a side found, with the two values above each other.
func (e *entry) check() []app.UI {
	v := e.Entry.Check
	all := []app.UI{para("check-title", say(e.Text, v.Title))}
	if v.Pair != nil {
		all = append(all, pair(e.Text, *v.Pair))
	}
	all = append(all, outcome(e.Text, v.Holds, string(v.Found), string(v.Found)))
	if v.Reason != "" {
		all = append(all, para("note", e.Text.T(string(v.Reason))))
	}
	return all
}

// outcome is a word and its sign.
func outcome(text i18n.Catalog, holds bool, right, wrong string) app.UI {
	sign, words := "wrong", wrong
	if holds {
		sign, words = "right", right
	}
	return app.P().Class("outcome outcome-"+sign).Body(icon(sign), span("", text.T(words)))
}

// pair shows two values above each other; letters that differ are marked, and
// said to be.
func pair(text i18n.Catalog, p view.Pair) app.UI {
	var all []app.UI
	for _, row := range p.Rows {
		for side, marks := range row {
			name := span("pair-name", pairName(text, p, side))
			all = append(all, div("pair-row", name, tracked(app.Span().Class("pair-value"), p.Tracks[side]).Body(marked(marks)...)))
		}
	}
	return div("pair", all...)
}

// pairName is what one of the two values is called: for this comparison, where
// there are words for that, else by itself.
func pairName(text i18n.Catalog, p view.Pair, side int) string {
	id := "ui.pair." + strings.TrimPrefix(string(p.Check), "label.") + [2]string{".sent", ".own"}[side]
	if text.Has(id) {
		return text.T(id)
	}
	return named(text, p.Names[side])
}

func marked(marks []view.Mark) []app.UI {
	all := make([]app.UI, len(marks))
	for i, m := range marks {
		if m.Differs {
			all[i] = app.Elem("mark").Text(m.Text)
		} else {
			all[i] = span("", m.Text)
		}
	}
	return all
}
