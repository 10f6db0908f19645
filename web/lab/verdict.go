package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// check shows what the server found, with the two values above each other.
func (e *entry) check() []app.UI {
	v := e.Entry.Check
	all := []app.UI{app.P().Class("check-title").Text(e.Text.T("ui.did.check"))}
	if v.Pair != nil {
		all = append(all, pair(e.Text, *v.Pair)...)
	}
	all = append(all, outcome(e.Text, v.Holds, "ui.check.right", "ui.check.wrong"))
	if v.Reason != "" {
		all = append(all, app.P().Class("note").Text(e.Text.T(string(v.Reason))))
	}
	return all
}

// outcome is a word and its sign.
func outcome(text i18n.Catalog, holds bool, right, wrong string) app.UI {
	if holds {
		return app.P().Class("outcome outcome-right").Body(icon("right"), app.Span().Text(text.T(right)))
	}
	return app.P().Class("outcome outcome-wrong").Body(icon("wrong"), app.Span().Text(text.T(wrong)))
}

// pair shows two values above each other; letters that differ are marked, and
// said to be.
func pair(text i18n.Catalog, p view.Pair) []app.UI {
	var all []app.UI
	for i, row := range p.Rows {
		for side, marks := range row {
			name := app.UI(nil)
			if i == 0 {
				name = app.Span().Class("pair-name").Text(named(text, p.Names[side]))
			}
			all = append(all, app.Div().Class("pair-row").Body(name, app.Span().Class("pair-value").Body(marked(marks)...)))
		}
	}
	return []app.UI{app.Div().Class("pair").Body(all...)}
}

func marked(marks []view.Mark) []app.UI {
	all := make([]app.UI, len(marks))
	for i, m := range marks {
		if m.Differs {
			all[i] = app.Elem("mark").Text(m.Text)
		} else {
			all[i] = app.Span().Text(m.Text)
		}
	}
	return all
}
