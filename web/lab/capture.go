package lab

import (
	"strconv"
	"strings"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// sum says what a listener has and what it lacks.
func (c *conversation) sum() app.UI {
	list := []app.UI{
		app.Dt().Text(c.Text.T("ui.tap.has")), app.Dd().ID("tap-has").Text(say(c.Text, c.Capture.Has)),
		app.Dt().Text(c.Text.T("ui.tap.lacks")), app.Dd().ID("tap-lacks").Text(say(c.Text, c.Capture.Lacks)),
	}
	for _, w := range c.Capture.More {
		list = append(list, app.Dd().Class("tap-more").Text(say(c.Text, w)))
	}
	return div("tap-sum",
		app.Dl().Class("tap-list").Body(list...),
		button("btn-small").ID("swap").OnClick(c.swap).Text(c.Text.T(c.Swap)),
	)
}

func (c *conversation) passed() []app.UI {
	entries := make([]app.UI, len(c.Capture.Entries))
	for i, e := range c.Capture.Entries {
		entries[i] = &tapped{Text: c.Text, Captured: e, Current: i == len(entries)-1}
	}
	return entries
}

func (c *conversation) swap(ctx app.Context, e app.Event) { ctx.NewAction(actionSwap) }

// tapped is what passed on the wire in one step.
type tapped struct {
	app.Compo
	Text     i18n.Catalog
	Captured view.Captured
	Current  bool
}

func (t *tapped) Render() app.UI {
	v := t.Captured
	class := "entry tap"
	li := app.Li().ID(entryID(v.Index)).DataSet("frame", v.Index)
	if t.Current {
		li.Aria("current", "step")
		class += " entry-current"
	}
	number := button("entry-number").Aria("label", t.Text.T("ui.step.n", "n", v.Index+1)).Text(v.Index + 1)
	if !t.Current {
		number.TabIndex(-1)
	}
	body := []app.UI{number}
	for _, p := range v.Passed {
		body = append(body, t.passed(p))
	}
	if len(v.Passed) == 0 {
		body = append(body, para("tap-none", t.Text.T("ui.tap.none")))
	}
	return li.Class(class).OnClick(t.jump).Body(div("tap-body", body...))
}

func (t *tapped) jump(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(actionJump, t.Captured.Index)
}

// passed is what went one way.
func (t *tapped) passed(p view.Passed) app.UI {
	all := []app.UI{tag(t.Text, p.From)}
	var body []app.UI
	if p.Leg != "" {
		body = append(body, para("note", t.Text.T(string(p.Leg))))
	} else {
		all = append(all, hidden(t.Text.T(string(view.Who(p.From)))+": "))
	}
	for _, l := range p.Lines {
		body = append(body, div("line", runs(l.Line)...))
		if len(l.Says) > 0 {
			body = append(body, app.P().Class("says").Body(
				span("says-word", t.Text.T("ui.says")+" "), app.Span().Class("says-text").Body(bits(t.Text, l.Says)...)))
		}
		if l.Guess {
			body = append(body, para("exposed", t.Text.T("ui.tap.proof")))
		}
	}
	for _, r := range p.Records {
		body = append(body, t.record(r))
	}
	return div("tap-passed side-"+string(p.From), append(all, div("tap-lines", body...))...)
}

// record is a bar that is the longer the longer the record.
func (t *tapped) record(r view.Seen) app.UI {
	about := t.Text.T("ui.tap.size", "n", r.Length)
	if r.Sealed {
		about = t.Text.T("ui.tap.encrypted", "n", r.Length)
	}
	name := r.Type
	if len(r.Inside) > 0 {
		name += ": " + strings.Join(r.Inside, ", ")
	}
	class := "tap-bar"
	if r.Sealed {
		class += " tap-bar-sealed"
	}
	return app.P().Class("tap-record").Body(
		app.Span().Class(class+" tap-bar-"+strconv.Itoa(r.Width)).Aria("hidden", true),
		span("tap-type", name), span("tap-about", about),
	)
}

// bits are what was decoded, with what is secret struck.
func bits(text i18n.Catalog, all []view.Bit) []app.UI {
	var elems []app.UI
	for _, b := range all {
		inner := runs([]view.Run{b.Run})
		switch b.Secret {
		case view.Exposed:
			elems = append(elems, app.Elem("mark").Class("struck").Body(inner...), span("struck-word", text.T("ui.tap.exposed")))
		case view.Proof:
			elems = append(elems, app.Elem("mark").Class("struck struck-proof").Body(inner...))
		default:
			elems = append(elems, inner...)
		}
	}
	return elems
}
