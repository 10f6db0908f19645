package lab

import (
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// entry is one step of the conversation. A click goes back to it.
type entry struct {
	app.Compo
	Text    i18n.Catalog
	Entry   *view.Entry // not copied: what is the same is not compared
	Current bool
	Open    int // word that explains itself; 0: none
}

func (e *entry) Render() app.UI {
	v := e.Entry
	class := "entry entry-" + string(v.Kind) + " side-" + string(v.Side)
	if v.Closed {
		class += " entry-closed"
	}
	li := app.Li().ID(entryID(v.Index)).DataSet("frame", v.Index).DataSet("kind", v.Kind).DataSet("side", v.Side)
	if e.Current {
		li.Aria("current", "step")
		class += " entry-current"
	}
	return li.Class(class).OnClick(e.jump).Body(
		div("bubble", e.content()...),
		e.arrow(),
	)
}

func (e *entry) content() []app.UI {
	v := e.Entry
	body := []app.UI{e.number()}
	if v.Mark != "" {
		body = append(body, app.Span().Class("entry-mark").Body(mark(v.Mark), hidden(e.Text.T(string(v.Mark))+". ")))
	}
	switch {
	case v.Check != nil:
		body = append(body, e.check()...)
	case v.Tube != nil:
		body = append(body, &tube{Text: e.Text, At: v.Index, Tube: *v.Tube})
	case v.Over != nil:
		body = append(body, e.over()...)
	case v.Kind == session.Meddled:
		body = append(body, app.P().Text(e.Text.T("ui.did.meddled")))
	case v.Kind == view.Quiet: // a note says so
	default:
		body = append(body, hidden(e.Text.T(string(view.Who(v.Side)))+": "))
		body = append(body, e.lines()...)
	}
	return append(body, e.notes()...)
}

// How much of a message is shown before it is folded.
const (
	longest     = 10   // lines
	longestText = 1500 // characters
)

func (e *entry) lines() []app.UI {
	v, words := e.Entry, e.glossary()
	shown, folded, cut := view.Fold(v.Lines, longest, longestText)
	all := make([]app.UI, len(shown))
	for i, l := range shown {
		all[i] = words.line(l)
	}
	if len(folded) > 0 {
		rest := make([]app.UI, len(folded))
		for i, l := range folded {
			rest[i] = words.line(l)
		}
		summary := e.Text.T("ui.more", "n", len(folded))
		if cut > 0 {
			summary = e.Text.T("ui.longer", "n", cut)
		}
		all = append(all, app.Details().Class("more").Body(app.Summary().Text(summary), app.Div().Body(rest...)))
	}
	if len(v.Spoken) > 0 {
		text := make([]app.UI, len(v.Spoken))
		for i, one := range v.Spoken {
			text[i] = tracked(app.Span().Class("spoken"), one.Track).Body(runs(one.Runs)...)
		}
		all = append(all, app.P().Class("says").Body(
			span("says-word", e.Text.T("ui.says")+" "),
			app.Span().Class("says-text").Body(text...),
		))
	}
	return all
}

func (e *entry) notes() []app.UI {
	var all []app.UI
	if e.Entry.Exposed {
		all = append(all, para("exposed", e.Text.T("ui.exposed")))
	}
	for _, w := range e.Entry.Notes {
		all = append(all, para("note", say(e.Text, w)))
	}
	return all
}

// over says how the session ended.
func (e *entry) over() []app.UI {
	class := "over-outcome"
	if e.Entry.Over.Proved {
		class += " proved"
	}
	var all []app.UI
	for i, w := range e.Entry.Over.Words {
		p := app.P().Text(say(e.Text, w))
		if i == 0 {
			p.Class(class)
		}
		all = append(all, p)
	}
	return all
}

// number is the entry's number, and the way to it by keyboard: Tab comes to the
// current one only.
func (e *entry) number() app.UI {
	b := tracked(button("entry-number"), e.Entry.Spelled).Aria("label", e.Text.T("ui.step.n", "n", e.Entry.Index+1)).Text(e.Entry.Index + 1)
	if !e.Current {
		b.TabIndex(-1)
	}
	return b
}

func (e *entry) arrow() app.UI {
	if e.Entry.Kind != session.Line && e.Entry.Kind != session.Body {
		return nil
	}
	return app.Span().Class("arrow").Aria("hidden", true)
}

func (e *entry) jump(ctx app.Context, event app.Event) {
	if wordAt(event.Get("target")).Number > 0 {
		return // it explains itself
	}
	if s := app.Window().Call("getSelection"); s.Truthy() && !s.Get("isCollapsed").Bool() {
		return // the reader is marking text
	}
	ctx.NewActionWithValue(actionJump, e.Entry.Index)
}
