package lab

import (
	"slices"
	"strconv"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// states draws the machines: each state with the moves that begin there, the
// one in which it is, and what it would take now.
type states struct {
	app.Compo
	Text     i18n.Catalog
	Side     session.Side   // whose step it is: its machine comes first
	Machines []view.Machine // those that can be seen
	Commands []view.Command // that the server would take or refuse
	chosen   session.Side
}

func (s *states) Render() app.UI {
	if len(s.Machines) == 0 {
		return div("states")
	}
	m := s.shown()
	commands := app.UI(nil)
	if m.Side == session.Server {
		commands = s.commands()
	}
	return div("states side-"+string(m.Side),
		div("states-sides", s.sides(m.Side)),
		div("states-commands", commands),
		s.machine(m),
		div("states-anywhere", s.anywhere(m)),
	)
}

// shown is the machine that the reader has chosen, else that of the step.
func (s *states) shown() view.Machine {
	for _, side := range []session.Side{s.chosen, s.Side} {
		i := slices.IndexFunc(s.Machines, func(m view.Machine) bool { return m.Side == side })
		if i >= 0 {
			return s.Machines[i]
		}
	}
	return s.Machines[0]
}

// sides chooses one of two machines.
func (s *states) sides(shown session.Side) app.UI {
	if len(s.Machines) < 2 {
		return nil
	}
	var all []app.UI
	for _, m := range s.Machines {
		all = append(all, button("btn-small").ID("states-"+string(m.Side)).DataSet("side", m.Side).
			Aria("pressed", m.Side == shown).OnClick(s.choose).Text(s.Text.T(string(view.Who(m.Side)))))
	}
	return app.Div().Class("states-choice").Role("group").Aria("label", s.Text.T("ui.states.whose")).Body(all...)
}

func (s *states) choose(ctx app.Context, e app.Event) {
	s.chosen = session.Side(ctx.JSSrc().Get("dataset").Get("side").String())
}

// commands are what the client might say now.
func (s *states) commands() app.UI {
	if len(s.Commands) == 0 {
		return para("states-none", s.Text.T("ui.states.none"))
	}
	var taken, refused []app.UI
	for _, c := range s.Commands {
		if c.Code == 0 {
			taken = append(taken, app.Li().Class("command").Body(span("command-verb", c.Verb)))
			continue
		}
		refused = append(refused, app.Li().Class("command command-refused").Title(s.Text.T(string(c.Rule.Text))).Body(
			span("command-verb", c.Verb), span("code", strconv.Itoa(c.Code)), span("command-rule", c.Rule.ID)))
	}
	return app.Div().Body(
		app.H3().Text(s.Text.T("ui.states.taken")), app.Ul().ID("commands").Class("commands").Body(taken...),
		app.H3().Text(s.Text.T("ui.states.refused")), app.Ul().ID("refused").Class("commands").Body(refused...),
	)
}

func (s *states) machine(m view.Machine) app.UI {
	var all []app.UI
	for _, state := range m.States {
		class, mark := "state", app.UI(nil)
		switch {
		case state.Here:
			class, mark = "state state-here", span("state-mark", s.Text.T("ui.states.here"))
		case state.Was:
			class, mark = "state state-was", span("state-mark", s.Text.T("ui.states.was"))
		}
		li := app.Li().Class(class)
		if state.Here {
			li.Aria("current", "true")
		}
		all = append(all, li.Body(
			app.P().Class("state-name").Body(span("", s.Text.T(string(state.Name))), mark),
			s.arrows(state.Arrows),
		))
	}
	return app.Div().Body(
		app.H3().Text(s.Text.T("ui.states.machine", "who", s.Text.T(string(view.Who(m.Side))))),
		app.Ol().ID("machine").Class("machine").Body(all...),
	)
}

func (s *states) anywhere(m view.Machine) app.UI {
	return app.Div().Body(app.H3().Text(s.Text.T("ui.states.anywhere")), s.arrows(m.Anywhere))
}

func (s *states) arrows(arrows []view.Arrow) app.UI {
	if len(arrows) == 0 {
		return nil
	}
	var all []app.UI
	for _, a := range arrows {
		class := "move"
		if a.Taken {
			class += " move-taken"
		}
		what := span("move-verb", a.Verb)
		if a.Event != "" {
			what = span("move-event", s.Text.T(string(a.Event)))
		}
		to := s.Text.T(string(a.To))
		if a.Stays {
			to = s.Text.T("ui.states.stays")
		}
		all = append(all, app.Li().Class(class).Body(
			what, s.classes(a.Classes),
			app.Span().Class("move-to").Body(icon("move"), span("", to)),
			span("move-rule", a.Rule),
			app.If(a.Taken, span("state-mark", s.Text.T("ui.states.step"))),
		))
	}
	return app.Ul().Class("moves").Body(all...)
}

// classes are the first digits of the replies with which a move is made: "2xx".
func (s *states) classes(all []int) app.UI {
	if len(all) == 0 {
		return nil
	}
	text := ""
	for i, class := range all {
		if i > 0 {
			text += " "
		}
		text += strconv.Itoa(class) + "xx"
	}
	return span("move-class", text)
}
