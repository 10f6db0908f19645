package lab

import (
	"strconv"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// rules shows the rule that decided among its neighbours.
type rules struct {
	app.Compo
	Text       i18n.Catalog
	Neighbours view.Neighbours
}

func (r *rules) Render() app.UI {
	if len(r.Neighbours.Rows) == 0 {
		return div("rules", para("rules-none", r.Text.T("ui.rules.none")))
	}
	head := app.UI(nil)
	if r.Neighbours.Head.ID != "" {
		head = app.H3().Text(say(r.Text, r.Neighbours.Head))
	}
	passed := r.Neighbours.Passed
	return div("rules",
		div("rules-head", head),
		div("rules-passed", r.passed(r.Neighbours.Rows[:passed])),
		app.Ol().ID("rules").Class("rules-list").Body(r.rows(r.Neighbours.Rows[passed:])...),
	)
}

func (r *rules) rows(all []view.Neighbour) []app.UI {
	var rows []app.UI
	for _, n := range all {
		rows = append(rows, r.row(n))
	}
	return rows
}

// passed are the tests for every command, folded.
func (r *rules) passed(all []view.Neighbour) app.UI {
	if len(all) == 0 {
		return nil
	}
	return app.Details().Body(
		app.Summary().Text(r.Text.T("ui.rules.passed", "n", len(all))),
		app.Ol().Class("rules-list").Body(r.rows(all)...),
	)
}

func (r *rules) row(n view.Neighbour) app.UI {
	li := app.Li().Class("rule rule-" + string(n.Fate))
	if n.Fate == view.FateDecided {
		li.Aria("current", "true")
	}
	name := []app.UI{span("rule-id", n.ID)}
	if n.Verb != "" {
		name = append(name, span("rule-verb", r.verb(n.Verb)))
	}
	if n.Code != 0 {
		name = append(name, span("code", strconv.Itoa(n.Code)))
	}
	return li.Body(
		app.P().Class("rule-head").Body(append(name, source(n.Rule), span("rule-fate", r.Text.T("ui.fate."+string(n.Fate))))...),
		para("rule-text", r.Text.T(string(n.Rule.Text))),
	)
}

// verb is what the client would say, as it stands or in words.
func (r *rules) verb(on string) string {
	if id := "ui.on." + on; r.Text.Has(id) {
		return r.Text.T(id)
	}
	return on
}

// source names the section of a rule, and leads to it where it is one of an RFC.
func source(r view.Rule) app.UI {
	if r.Link == "" {
		return span("rule-section", r.Section)
	}
	return app.A().Class("rule-section").Href(r.Link).Rel("noopener").Target("_blank").Text(r.Section)
}
