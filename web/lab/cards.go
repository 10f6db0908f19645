package lab

import (
	"strconv"

	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// cards are the operations behind the step, folded to a line but for one.
func (i *inspector) cards() app.UI {
	if len(i.Sight.Cards) == 0 {
		return nil
	}
	cards := make([]app.UI, len(i.Sight.Cards))
	for n, c := range i.Sight.Cards {
		cards[n] = i.card(c)
	}
	all := i.Text.T("ui.cards.all")
	if len(i.open) >= len(cards) {
		all = i.Text.T("ui.cards.fold")
	}
	head := div("cards-head", app.H3().Text(i.Text.T("ui.cards")))
	if len(cards) > 1 {
		head.Body(app.H3().Text(i.Text.T("ui.cards")), button("btn-small").ID("cards-all").OnClick(i.openAll).Text(all))
	}
	return div("", head, app.Ol().ID("cards").Class("cards").Body(cards...))
}

func (i *inspector) card(c view.Card) app.UI {
	open := i.open[c.Number]
	id := "card-" + strconv.Itoa(c.Number)
	head := tracked(button("card-head"), c.Track).ID(id).DataSet("card", c.Number).Aria("expanded", open).OnClick(i.unfold).Body(
		span("card-number", strconv.Itoa(c.Number)),
		span("card-title", say(i.Text, c.Title)),
		i.result(c),
		i.knowers(c.Known),
	)
	li := app.Li().Class("card").DataSet("op", c.Op)
	if !open {
		return li.Body(head)
	}
	return li.Class("card-open").Body(head, div("card-body", i.inside(c)...))
}

// result is the value on a folded card.
func (i *inspector) result(c view.Card) app.UI {
	if c.Result != "" {
		return span("card-value", i.Text.T(string(c.Result)))
	}
	return app.Span().Class("card-value").Body(runs(c.Value)...)
}

// unfold opens one card and folds the others; its head stays in sight.
func (i *inspector) unfold(ctx app.Context, e app.Event) {
	n := data(ctx, "card")
	if i.open[n] {
		delete(i.open, n)
	} else {
		i.open = map[int]bool{n: true}
	}
	i.block = 0
	ctx.Defer(func(app.Context) { show("card-" + strconv.Itoa(n)) }) // one that was folded above may have moved it
}

// openAll opens all cards, or folds all but the first.
func (i *inspector) openAll(ctx app.Context, e app.Event) {
	if len(i.open) >= len(i.Sight.Cards) {
		i.open = map[int]bool{i.Sight.Opens: true}
		return
	}
	for _, c := range i.Sight.Cards {
		i.open[c.Number] = true
	}
}

// knowers are the letters of those who know a value.
func (i *inspector) knowers(known []view.ID) app.UI {
	all := []app.UI{hidden(i.Text.T("ui.known") + " " + list(i.Text, known))}
	for _, k := range known {
		all = append(all, span("knower knower-"+string(k[len("ui.known."):]), "").Aria("hidden", true))
	}
	return app.Span().Class("knowers").Body(all...)
}

// known says in words who knows a value.
func (i *inspector) known(known []view.ID) app.UI {
	all := []app.UI{span("field-name", i.Text.T("ui.known")+" ")}
	for _, k := range known {
		all = append(all, app.Span().Class("known").Body(
			span("knower knower-"+string(k[len("ui.known."):]), "").Aria("hidden", true), span("", i.Text.T(string(k)))))
	}
	return app.P().Class("field known-by").Body(all...)
}
