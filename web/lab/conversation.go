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
}

func (c *conversation) Render() app.UI {
	entries := make([]app.UI, len(c.Entries))
	for i, e := range c.Entries {
		entries[i] = &entry{Text: c.Text, Entry: e, Current: i == len(c.Entries)-1}
	}
	return app.Section().ID("conversation").Class("panel conversation").TabIndex(0).Aria("label", c.Text.T("ui.conversation")).Body(
		div("lanes",
			c.lane(session.Client, c.Client),
			c.lane(session.Server, c.Server),
		),
		app.Div().Body(c.intro()), // always there: rows have no keys
		app.Ol().Class("talk").Body(entries...),
	)
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
	if len(c.Entries) > 1 {
		return nil
	}
	return para("intro", c.Text.T("ui.intro"))
}

// tag is the letter of a side.
func tag(text i18n.Catalog, side session.Side) app.UI {
	return app.Span().Class("tag side-"+string(side)).Aria("hidden", true).Text(text.T("ui.letter." + string(side)))
}

func entryID(at int) string { return "entry-" + strconv.Itoa(at) }
