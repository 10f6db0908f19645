package lab

import (
	"strconv"

	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// hashed shows a hash at work: what goes in, and its blocks, of which one may
// be unfolded.
func (i *inspector) hashed(h view.Hashed) app.UI {
	sum := make([]app.UI, len(h.Parts))
	for n, p := range h.Parts {
		sum[n] = tracked(app.Span().Class("part part-of-"+strconv.Itoa(n+1)), p.Track).Body(
			span("part-value", strconv.Itoa(p.Octets)), span("part-name", named(i.Text, p.Name)))
	}
	body := []app.UI{app.P().Class("parts").Body(sum...)}
	if h.Size == 0 {
		return div("hashed", body...)
	}
	body = append(body, para("hash-sum", i.Text.T("ui.hash.sum", "n", h.Total, "octets", h.Octets, "size", h.Size)))
	last := 0
	for _, b := range h.Blocks {
		if b.Number > last+1 {
			body = append(body, para("gap", "…"))
		}
		last = b.Number
		body = append(body, i.blockOf(b, h.Total))
	}
	return div("hashed", body...)
}

func (i *inspector) blockOf(b view.Block, total int) app.UI {
	open := i.block == b.Number
	head := button("block-head").DataSet("block", b.Number).Aria("expanded", open).OnClick(i.unfoldBlock).Body(
		span("", i.Text.T("ui.block", "n", b.Number, "total", total)),
		span("card-value", b.After[:8]+"…"),
		icon("unfold"),
	)
	if !open {
		return div("block", head)
	}
	legend := make([]app.UI, len(b.Legend))
	for n, name := range b.Legend {
		legend[n] = span("legend cell-of-"+strconv.Itoa(n+1), i.Text.T(string(name)))
	}
	state := func(name, value string) app.UI {
		return app.P().Class("field").Body(span("field-name", i.Text.T(name)+" "), span("whole", value))
	}
	return div("block block-open", head,
		state("ui.block.before", b.Before),
		app.P().Class("legends").Body(legend...),
		i.grid(b.Grid),
		state("ui.block.after", b.After),
	)
}

func (i *inspector) unfoldBlock(ctx app.Context, e app.Event) {
	if n := data(ctx, "block"); i.block != n {
		i.block = n
	} else {
		i.block = 0
	}
}
