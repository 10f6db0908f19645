package lab

import (
	"strings"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// compare is the table of all mechanisms. A name leads to its scenario. Where
// there is little room each row is a card, whose cells say what they are.
type compare struct {
	app.Compo
	Text   i18n.Catalog
	Groups []view.Standing
}

func (c *compare) Render() app.UI {
	head := []app.UI{app.Th().Scope("col").Text(c.Text.T("ui.setup.mechanism"))}
	for _, id := range view.ComparedBy {
		head = append(head, app.Th().Scope("col").Text(c.Text.T(string(id))))
	}
	body := []app.UI{app.THead().Body(app.Tr().Body(append(head, app.Th().Scope("col").Text(c.Text.T("ui.compare.source")))...))}
	for _, g := range c.Groups {
		body = append(body, c.group(g))
	}
	return dialog(c.Text, dialogCompare, "ui.compare",
		para("", c.Text.T("ui.compare.text")),
		para("compare-today", c.Text.T("ui.compare.today")),
		app.Table().ID("compared").Class("compare").Aria("labelledby", dialogCompare+"-title").Body(body...),
		para("compare-differ", c.Text.T("ui.compare.differ")),
	)
}

func (c *compare) group(g view.Standing) app.UI {
	rows := []app.UI{app.Tr().Body(app.Th().Class("compare-group").Scope("rowgroup").ColSpan(len(view.ComparedBy) + 2).Text(c.Text.T(string(g.Name))))}
	for _, r := range g.Rows {
		rows = append(rows, c.row(r))
	}
	return app.TBody().DataSet("status", strings.TrimPrefix(string(g.Name), "status.")).Body(rows...)
}

func (c *compare) row(r view.Compared) app.UI {
	name := []app.UI{button("compare-name").ID("try-"+r.Name).DataSet("mechanism", r.Name).OnClick(c.try).Text(r.Name)}
	if r.Here {
		name = append(name, span("compare-here", c.Text.T("ui.compare.here")))
	}
	cells := []app.UI{app.Th().Scope("row").Body(name...)}
	if r.Gone != "" {
		cells = append(cells, app.Td().Class("compare-gone").ColSpan(len(view.ComparedBy)+1).Text(c.Text.T(string(r.Gone))))
		return app.Tr().Body(cells...)
	}
	for i, id := range r.Cells {
		cells = append(cells, c.cell(view.ComparedBy[i], span("compare-"+lastWord(id), c.Text.T(string(id)))))
	}
	return app.Tr().Body(append(cells, c.cell("ui.compare.source", source(view.Rule{Section: r.Source, Link: r.Link})))...)
}

// cell has the name of its column before it, for those who see cards.
func (c *compare) cell(column view.ID, content app.UI) app.UI {
	return app.Td().Body(app.Span().Class("compare-column").Aria("hidden", true).Text(c.Text.T(string(column))), content)
}

// lastWord is the end of an id: "guesses" of "gain.guesses".
func lastWord(id view.ID) string { return string(id[strings.LastIndexByte(string(id), '.')+1:]) }

func (c *compare) try(ctx app.Context, _ app.Event) {
	closeDialog(ctx, app.Event{})
	ctx.NewActionWithValue(actionTry, ctx.JSSrc().Get("dataset").Get("mechanism").String())
}
