package lab

import (
	"strconv"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// state is one state of a machine with the moves that begin there. It is a
// component so that a step renders those anew that it changes.
type state struct {
	app.Compo
	Text  i18n.Catalog
	State view.MachineState
}

func (s *state) Render() app.UI {
	class, mark := "state", app.UI(nil)
	switch {
	case s.State.Here:
		class, mark = "state state-here", span("state-mark", s.Text.T("ui.states.here"))
	case s.State.Was:
		class, mark = "state state-was", span("state-mark", s.Text.T("ui.states.was"))
	}
	li := app.Li().Class(class)
	if s.State.Here {
		li.Aria("current", "true")
	}
	return li.Body(
		app.P().Class("state-name").Body(span("", s.Text.T(string(s.State.Name))), mark),
		arrows(s.Text, s.State.Arrows),
	)
}

// arrows lists moves: what is said, with which reply, and where it leads.
func arrows(text i18n.Catalog, all []view.Arrow) app.UI {
	if len(all) == 0 {
		return nil
	}
	var rows []app.UI
	for _, a := range all {
		class, mark := "move", app.UI(nil)
		if a.Taken {
			class, mark = "move move-taken", span("state-mark", text.T("ui.states.step"))
		}
		what := span("move-verb", a.Verb)
		if a.Event != "" {
			what = span("move-event", text.T(string(a.Event)))
		}
		to := text.T(string(a.To))
		if a.Stays {
			to = text.T("ui.states.stays")
		}
		rows = append(rows, app.Li().Class(class).Body(
			what,
			span("move-class", classes(a.Classes)),
			app.Span().Class("move-to").Body(icon("move"), span("", to)),
			span("move-rule", a.Rule),
			mark,
		))
	}
	return app.Ul().Class("moves").Body(rows...)
}

// classes are the first digits of the replies with which a move is made: "2xx".
func classes(all []int) string {
	text := ""
	for i, class := range all {
		if i > 0 {
			text += " "
		}
		text += strconv.Itoa(class) + "xx"
	}
	return text
}
