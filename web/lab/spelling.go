package lab

import (
	"strconv"

	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// spelling shows base64: the first three octets bit by bit, then all groups.
func (i *inspector) spelling(s view.Spelling) app.UI {
	return div("spelling", group(s.First), i.groups(s))
}

// group lays the same 24 bits out as octets above and as sextets below.
func group(g view.Group) app.UI {
	var cells []app.UI
	for n, o := range g.Octets {
		cells = append(cells, app.Span().Class("octet").Body(
			span("octet-char", o.Top), span("octet-hex", o.Hex), span("group-bits", g.Bits[8*n:8*n+8])))
	}
	for n := len(g.Octets); n < 3; n++ {
		cells = append(cells, span("octet", ""))
	}
	bits := g.Bits + "0000"
	for n, letter := range g.Letters {
		if n >= len(g.Sextets) {
			cells = append(cells, app.Span().Class("sextet sextet-pad").Body(span("sextet-letter", letter)))
			continue
		}
		cells = append(cells, app.Span().Class("sextet").Body(
			span("group-bits", bits[6*n:6*n+6]), span("octet-hex", strconv.Itoa(g.Sextets[n])), span("sextet-letter", letter)))
	}
	return div("group", cells...)
}

// groups are all groups, octets above their letters.
func (i *inspector) groups(s view.Spelling) app.UI {
	var all []app.UI
	last := 0
	for _, g := range s.Groups {
		if g.Number > last+1 {
			all = append(all, span("gap", "…"))
		}
		last = g.Number
		octets, letters := "", ""
		for _, o := range g.Octets {
			if len(o.Top) > 1 && o.Top < "\x80" { // the name of a control octet
				octets += "·"
			} else {
				octets += o.Top
			}
		}
		for _, l := range g.Letters {
			letters += l
		}
		all = append(all, app.Span().Class("pairing").Body(span("pairing-octets", octets), span("pairing-letters", letters)))
	}
	return div("groups", all...)
}
