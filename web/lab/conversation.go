package lab

import (
	"strconv"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// conversation shows what has happened so far: client left, server right, the
// wire between. The last entry is the current one.
type conversation struct {
	app.Compo
	Text           i18n.Catalog
	Entries        []view.Entry
	Client, Server view.ID // the states both are in
	From           view.Vantage
	Capture        *view.Capture // of a listener; instead of entries and states
	Swap           string        // what the button to the same with or without TLS is called
	Ending         *view.Ending  // at the end
	explained      explained
}

func (c *conversation) OnMount(ctx app.Context) { c.explained.listen(ctx) }

func (c *conversation) Render() app.UI {
	head, entries, label := c.lanes(), c.entries, "ui.conversation"
	if c.Capture != nil {
		head, entries, label = c.sum(), c.passed, "ui.capture"
	}
	return app.Section().ID("conversation").Class("panel conversation").TabIndex(0).Aria("label", c.Text.T(label)).Body(
		&views{Text: c.Text, From: c.From},
		head,
		app.Div().Body(c.intro()), // always there: rows have no keys
		app.Ol().Class("talk").Body(entries()...),
		app.Div().Body(c.ended()),
	)
}

func (c *conversation) lanes() app.UI {
	return div("lanes",
		c.lane(session.Client, c.Client),
		c.lane(session.Server, c.Server),
	)
}

func (c *conversation) entries() []app.UI {
	entries := make([]app.UI, len(c.Entries))
	for i := range c.Entries {
		e := &c.Entries[i]
		entries[i] = &entry{Text: c.Text, Entry: e, Current: i == len(c.Entries)-1, Open: c.explained.in(e.Index)}
	}
	return entries
}

func (c *conversation) ended() app.UI {
	if c.Ending == nil {
		return nil
	}
	return &ending{Text: c.Text, Ending: *c.Ending}
}

func (c *conversation) lane(side session.Side, state view.ID) app.UI {
	return app.P().Class("lane side-"+string(side)).Body(
		tag(c.Text, side),
		app.B().Class("lane-name").Text(c.Text.T(string(view.Who(side)))),
		app.Span().ID("state-"+string(side)).Class("lane-state").Text(c.Text.T(string(state))),
	)
}

// intro says what this is, as long as nothing has happened but the greeting.
func (c *conversation) intro() app.UI {
	if c.Capture != nil || len(c.Entries) > 1 {
		return nil
	}
	return para("intro", c.Text.T("ui.intro"))
}

// tag is the letter of a side.
func tag(text i18n.Catalog, side session.Side) app.UI {
	return app.Span().Class("tag side-"+string(side)).Aria("hidden", true).Text(text.T("ui.letter." + string(side)))
}

func entryID(at int) string { return "entry-" + strconv.Itoa(at) }
