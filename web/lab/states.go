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

// shown is the machine that the reader has chosen, else the server's.
func (s *states) shown() view.Machine {
	last := len(s.Machines) - 1
	if i := slices.IndexFunc(s.Machines, func(m view.Machine) bool { return m.Side == s.chosen }); i >= 0 {
		return s.Machines[i]
	}
	return s.Machines[last]
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
	for _, one := range m.States {
		all = append(all, &state{Text: s.Text, State: one})
	}
	return app.Div().Body(
		app.H3().Text(s.Text.T("ui.states.machine", "who", s.Text.T(string(view.Who(m.Side))))),
		app.Ol().ID("machine").Class("machine").Body(all...),
	)
}

func (s *states) anywhere(m view.Machine) app.UI {
	return app.Div().Body(app.H3().Text(s.Text.T("ui.states.anywhere")), arrows(s.Text, m.Anywhere))
}
