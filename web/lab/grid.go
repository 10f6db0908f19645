package lab

import (
	"strconv"

	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// grid shows octets in hexadecimal, with their characters above them where
// there are any; equal ones at the end are folded.
func (i *inspector) grid(g view.Grid) app.UI {
	cells := make([]app.UI, len(g.Cells), len(g.Cells)+1)
	for n, c := range g.Cells {
		cells[n] = gridCell(c)
	}
	if g.Tail != "" {
		cells = append(cells, span("grid-tail", i.Text.T("ui.grid.tail", "tail", g.Tail)))
	}
	return div("grid", cells...)
}

func gridCell(c view.Cell) app.UI {
	class := "cell"
	if c.Of > 0 {
		class += " cell-of-" + strconv.Itoa(c.Of)
	}
	if c.Top == "" {
		return span(class, c.Hex)
	}
	return app.Span().Class(class).Body(span("cell-top", c.Top), span("", c.Hex))
}

// bits shows an XOR of one octet: three rows of eight bits.
func (i *inspector) bits(b view.Bits) app.UI {
	row := func(sign string, c view.Cell, bits string) app.UI {
		return app.Tr().Body(
			app.Td().Class("bits-sign").Text(sign),
			app.Td().Class("bits-char").Text(c.Top),
			app.Td().Text(c.Hex),
			app.Td().Class("bits-row").Text(bits),
		)
	}
	return app.Table().Class("bits").Body(
		app.Caption().Text(i.Text.T("ui.bits")),
		app.TBody().Body(
			row("", b.A, b.Rows[0]),
			row("⊕", view.Cell{Hex: b.B.Hex}, b.Rows[1]),
			row("=", view.Cell{Hex: b.Out.Hex}, b.Rows[2]),
		),
	)
}
