package lab

import (
	"strings"

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
	if i.Sight.Sealed {
		all = append(all, para("note", i.Text.T("ui.octets.sealed")))
	}
	return append(all, dump(octets))
}

// dump shows octets in three columns, each of them one text: elements are what
// a step takes its time for.
func dump(octets []byte) app.UI {
	rows := view.Dump(octets)
	var offsets, hex, text strings.Builder
	for _, r := range rows {
		offsets.WriteString(r.Offset + "\n")
		hex.WriteString(r.Hex + "\n")
		text.WriteString(r.Text + "\n")
	}
	return div("dump",
		app.Pre().Class("dump-offset").Aria("hidden", true).Text(offsets.String()),
		app.Pre().Text(hex.String()),
		app.Pre().Class("dump-text").Text(text.String()),
	)
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
