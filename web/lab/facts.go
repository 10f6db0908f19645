package lab

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// facts are what the client knows of TLS once the handshake is over.
func (i *inspector) facts() app.UI {
	t := i.Sight.Tube
	if t == nil || t.Facts == nil {
		return nil
	}
	f := t.Facts
	var rows []app.UI
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, app.Dt().Text(i.Text.T("ui.fact."+name)), app.Dd().Text(value))
		}
	}
	add("version", f.Version)
	add("suite", f.Suite)
	add("group", f.Group)
	add("subject", f.Subject)
	add("names", strings.ReplaceAll(f.Names, ",", ", "))
	add("issuer", f.Issuer)
	if f.NotBefore != "" {
		add("validity", date(f.NotBefore)+" – "+date(f.NotAfter))
	}
	verified := "ui.fact.unverified"
	if f.Verified {
		verified = "ui.fact.verified"
	}
	return div("facts",
		app.H3().Text(i.Text.T("ui.facts")),
		app.Dl().Class("facts-list").Body(rows...),
		outcome(i.Text, f.Verified, verified, verified),
	)
}

// date is the day of a time in RFC 3339.
func date(stamp string) string {
	day, _, _ := strings.Cut(stamp, "T")
	return day
}
