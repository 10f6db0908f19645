package lab

import (
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// octets is the dump of what was said. It is open from the beginning where
// there are no cards.
func (i *inspector) octets() []app.UI {
	octets := i.Sight.Octets
	if len(octets) == 0 {
		return nil
	}
	open := i.opened("octets", len(i.Sight.Cards) == 0)
	all := []app.UI{i.foldHead("octets", open, i.Text.T("ui.octets", "n", len(octets)))}
	if !open {
		return all
	}
	var rows []app.UI
	for _, r := range view.Dump(octets) {
		rows = append(rows, app.Tr().Body(app.Th().Scope("row").Text(r.Offset), app.Td().Text(r.Hex), app.Td().Class("dump-text").Text(r.Text)))
	}
	if i.Sight.Sealed {
		all = append(all, para("note", i.Text.T("ui.octets.sealed")))
	}
	return append(all, app.Table().Class("dump").Body(app.TBody().Body(rows...)))
}

// records are the TLS records in which the step passed.
func (i *inspector) records() []app.UI {
	records := i.Sight.Records
	if len(records) == 0 {
		return nil
	}
	open := i.opened("records", i.Sight.Tube != nil)
	all := []app.UI{i.foldHead("records", open, i.Text.T("ui.records", "n", len(records)))}
	if open {
		all = append(all, &wire{Text: i.Text, Records: records})
	}
	return all
}

func (i *inspector) foldHead(name string, open bool, title string) app.UI {
	return button("fold-head").ID(name).DataSet("fold", name).Aria("expanded", open).OnClick(i.fold).Body(
		span("", title), icon("unfold"))
}

// opened tells whether a part is open: as the reader has left it, else as it
// begins.
func (i *inspector) opened(name string, begins bool) bool {
	if folded, chosen := i.folded[name]; chosen {
		return !folded
	}
	return begins
}

func (i *inspector) fold(ctx app.Context, e app.Event) {
	i.folded[ctx.JSSrc().Get("dataset").Get("fold").String()] = ctx.JSSrc().Call("getAttribute", "aria-expanded").String() == "true"
}
