package lab

import (
	"strconv"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// knowledge is the table of who knows what in this run so far.
type knowledge struct {
	app.Compo
	Text      i18n.Catalog
	Knowledge view.Knowledge
}

func (k *knowledge) Render() app.UI {
	var verdict []app.UI
	for _, w := range k.Knowledge.Verdict {
		verdict = append(verdict, app.P().Text(say(k.Text, w)))
	}
	return div("knows",
		div("knows-verdict", verdict...).ID("verdict"),
		div("knows-place", k.table()),
		para("note", k.Text.T("ui.knows.run")+" "+k.Text.T("ui.knows.guess.means")),
	)
}

func (k *knowledge) table() app.UI {
	if len(k.Knowledge.Rows) == 0 {
		return nil
	}
	head := []app.UI{app.Th().Scope("col").Text(k.Text.T("ui.knows.value"))}
	for _, who := range k.Knowledge.Knowers {
		head = append(head, app.Th().Scope("col").Text(k.Text.T(string(who))))
	}
	var rows []app.UI
	for _, r := range k.Knowledge.Rows {
		name := k.Text.T(string(r.Name))
		if r.Nth > 1 {
			name += " " + strconv.Itoa(r.Nth)
		}
		cells := []app.UI{app.Th().Scope("row").Text(name)}
		for _, c := range r.Cells {
			cells = append(cells, k.cell(c))
		}
		rows = append(rows, app.Tr().DataSet("value", r.Name).Body(cells...))
	}
	class := "knows-table"
	if len(k.Knowledge.Knowers) > 4 {
		class += " knows-of-5"
	}
	return app.Table().ID("knows").Class(class).Body(app.THead().Body(app.Tr().Body(head...)), app.TBody().Body(rows...))
}

// cell is a sign and a word.
func (k *knowledge) cell(c view.KnownCell) app.UI {
	body := []app.UI{
		app.Span().Class("holding-sign").Aria("hidden", true),
		span("holding-word", k.Text.T("ui.holding."+string(c.Holding))),
	}
	class := "holding holding-" + string(c.Holding)
	if c.New {
		class += " holding-new"
		body = append(body, span("holding-mark", k.Text.T("ui.knows.new")))
	}
	return app.Td().Class(class).DataSet("holding", c.Holding).Body(body...)
}
