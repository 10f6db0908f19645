package lab

import (
	"strconv"

	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// inside is what an open card shows. It looks at what there is, not at which
// mechanism asked for it.
func (i *inspector) inside(c view.Card) []app.UI {
	v := c.Inside
	all := []app.UI{para("card-text", i.Text.T(string(c.Text)))}
	add := func(elem app.UI) { all = append(all, elem) }
	if v.Formula != "" {
		add(para("formula", v.Formula))
	}
	if len(v.Fields) > 0 { // they are the operands, where there are several
		add(i.fields(v.Fields))
	} else if len(c.From) > 0 {
		add(i.operands(c.From, len(v.Parts) > 0))
	}
	if v.Bits != nil {
		add(i.bits(*v.Bits))
	}
	if v.Grid != nil {
		add(i.grid(*v.Grid))
	}
	if v.Spelling != nil {
		add(i.spelling(*v.Spelling))
	}
	if v.Hashed != nil {
		add(i.hashed(*v.Hashed))
	}
	if len(v.Parts) > 0 {
		add(i.parts(v.Parts))
	}
	if len(v.Rounds) > 0 {
		add(i.rounds(v.Rounds))
	}
	if v.Pair != nil {
		add(pair(i.Text, *v.Pair))
		add(outcome(i.Text, v.Pair.Holds, "ui.check.equal", "ui.check.different"))
	}
	if v.Pair == nil && c.Result != "" {
		add(outcome(i.Text, c.Result == "ui.check.valid", "ui.check.valid", "ui.check.invalid"))
	}
	if len(c.Whole) > 0 {
		add(app.P().Class("field").Body(
			span("field-name", i.Text.T("ui.result")+" "),
			tracked(app.Span().Class("whole"), c.Track).Body(runs(c.Whole)...)))
	}
	add(i.known(c.Known))
	return all
}

// operands are what goes in: name, value, where it came from. Constants may be
// left out.
func (i *inspector) operands(all []view.Operand, brief bool) app.UI {
	var rows []app.UI
	for _, o := range all {
		if brief && o.Name.Label == "" {
			continue
		}
		name := []app.UI{}
		if o.Symbol != "" {
			name = append(name, span("operand-symbol", o.Symbol+" = "))
		}
		if o.Name.Label != "" {
			name = append(name, span("", i.Text.T(string(o.Name.Label))))
		} else {
			name = append(name, span("", i.Text.T("ui.constant")))
		}
		for _, h := range o.How {
			name = append(name, i.how(h))
		}
		value := []app.UI{app.Span().Class("operand-value").Body(runs(o.Value)...)}
		if len(o.Known) > 0 {
			value = append(value, i.knowers(o.Known))
		}
		rows = append(rows, tracked(div("operand"), o.Track).Body(app.Dt().Body(name...), app.Dd().Body(value...)))
	}
	return app.Dl().Class("operands").Body(rows...)
}

// how says where a value came from, and leads there.
func (i *inspector) how(w view.Words) app.UI {
	text, to := say(i.Text, w), 0
	if len(w.Args) > 1 {
		to, _ = w.Args[1].(int)
	}
	switch w.ID {
	case "ui.how.card":
		return button("operand-how operand-link").DataSet("card", to).OnClick(i.toCard).Text(text)
	case "ui.how.step":
		return button("operand-how operand-link").DataSet("step", to).OnClick(i.toStep).Text(text)
	}
	return span("operand-how", text)
}

// toCard opens the card that made a value.
func (i *inspector) toCard(ctx app.Context, e app.Event) {
	n := data(ctx, "card")
	i.open[n] = true
	focus("card-" + strconv.Itoa(n))
}

// toStep goes to the step in which a value was made.
func (i *inspector) toStep(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(actionJump, data(ctx, "step")-1)
}

// parts stand one behind the other, each with its name.
func (i *inspector) parts(all []view.Part) app.UI {
	elems := make([]app.UI, len(all))
	for n, p := range all {
		class := "part"
		if !p.Kept {
			class += " part-rest"
		}
		name := ""
		if p.Name.Label != "" {
			name = i.Text.T(string(p.Name.Label))
		}
		value := app.Span().Class("part-value").Body(runs(p.Value)...)
		if len(p.Value) == 0 {
			value.Body(span("run-count", "∅"))
		}
		elems[n] = tracked(app.Span().Class(class), p.Track).Body(value, span("part-name", name))
	}
	return app.P().Class("parts").Body(elems...)
}

// rounds are the first iterations of PBKDF2 and the last.
func (i *inspector) rounds(all []view.Round) app.UI {
	var rows []app.UI
	last := 0
	for _, r := range all {
		if r.N > last+1 {
			rows = append(rows, app.Tr().Class("gap").Body(app.Td().ColSpan(3).Text("…")))
		}
		last = r.N
		rows = append(rows, app.Tr().Body(
			app.Th().Scope("row").Text(r.N), app.Td().Text(r.U), app.Td().Text(r.T)))
	}
	return app.Table().Class("rounds").Body(
		app.THead().Body(app.Tr().Body(
			app.Th().Scope("col").Text(i.Text.T("ui.rounds.n")),
			app.Th().Scope("col").Text("U"), app.Th().Scope("col").Text("T"))),
		app.TBody().Body(rows...),
	)
}
