package lab

import (
	"strings"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// octets is a step byte by byte: as it was said, and in the TLS records in which
// it passed.
type octets struct {
	app.Compo
	Text    i18n.Catalog
	At      int // the frame
	Octets  []byte
	Records []view.Record
}

func (i *inspector) octets() app.UI {
	return &octets{Text: i.Text, At: i.Sight.At, Octets: i.Sight.Octets, Records: i.Sight.Records}
}

func (o *octets) Render() app.UI {
	return div("octets", div("octets-said", o.said()...), div("octets-records", o.passed()...))
}

func (o *octets) said() []app.UI {
	n := len(o.Octets)
	switch {
	case n == 0 && len(o.Records) > 0:
		return nil
	case n == 0:
		return []app.UI{para("note", o.Text.T("ui.octets.none"))}
	}
	note := "ui.octets.clear"
	if len(o.Records) > 0 {
		note = "ui.octets.sealed"
	}
	return []app.UI{
		app.H3().Text(o.Text.T("ui.octets", "n", n)),
		para("note", o.Text.T(note)),
		dump(o.Octets),
	}
}

func (o *octets) passed() []app.UI {
	n := len(o.Records)
	if n == 0 {
		return nil
	}
	return []app.UI{
		app.H3().Text(o.Text.T("ui.records", "n", n)),
		&wire{Text: o.Text, At: o.At, Records: o.Records},
	}
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
