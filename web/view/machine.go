package view

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// A Machine is one side's states with the moves between them, drawn from its
// table, and where it stands.
type Machine struct {
	Side     session.Side
	States   []MachineState
	Anywhere []Arrow // the moves from more than half of the states, told once
}

// A MachineState is a state and the moves that begin there.
type MachineState struct {
	Name   ID
	Here   bool // after the frame
	Was    bool // before it, where it has moved
	Arrows []Arrow
}

// An Arrow is a move, or several that differ in the class of the reply only.
type Arrow struct {
	Verb    string // a command, or "*"; empty where Event moves
	Event   ID
	Classes []int // first digits of the reply; none: no reply is made
	To      ID
	Stays   bool // it leads back to where it begins
	Here    bool // it begins in the state that the machine is in
	Taken   bool // in the frame
	Rule    string
}

// A row is a move of either table.
type row struct {
	from  []string
	on    string
	class int
	to    string
	id    string
}

// A passage is a move that was made: from, to, and the rule's id, where it is
// known.
type passage struct{ from, to, id string }

// Machines are those that can be seen after frame at: the client's, then the
// server's.
func (s *Story) Machines(at int) []Machine {
	var all []Machine
	f := &s.frames[at]
	if here := f.ClientState.Phase; here != "" {
		was := client.Connecting
		if at > 0 {
			was = s.frames[at-1].ClientState.Phase
		}
		all = append(all, machineOf(session.Client, client.Phases, clientRows(), string(here), clientPassages(f, was)))
	}
	if here := f.ServerState.Phase; here != "" {
		was := server.Waiting
		if at > 0 {
			was = s.frames[at-1].ServerState.Phase
		}
		all = append(all, machineOf(session.Server, server.Phases, serverRows(), string(here), serverPassages(f, was)))
	}
	return all
}

func clientRows() (rows []row) {
	for _, m := range client.Moves {
		rows = append(rows, row{texts(m.From), m.On, 0, string(m.To), m.ID})
	}
	return rows
}

func serverRows() (rows []row) {
	for _, m := range server.Moves {
		rows = append(rows, row{texts(m.From), m.On, m.Class, string(m.To), m.ID})
	}
	return rows
}

func texts[T ~string](list []T) (all []string) {
	for _, one := range list {
		all = append(all, string(one))
	}
	return all
}

func clientPassages(f *session.Frame, was client.Phase) (made []passage) {
	for _, e := range f.Client {
		if e.Kind == machine.Moved { // from where and to where is enough: states have the names of commands
			made = append(made, passage{string(was), string(e.To.Phase), ""})
			was = e.To.Phase
		}
	}
	return made
}

func serverPassages(f *session.Frame, was server.Phase) (made []passage) {
	for _, e := range f.Server {
		if e.Kind == machine.Moved {
			made = append(made, passage{string(was), string(e.To.Phase), e.Rule.ID})
			was = e.To.Phase
		}
	}
	return made
}

// machineOf draws a table.
func machineOf[P ~string](side session.Side, phases []P, rows []row, here string, made []passage) Machine {
	m := Machine{Side: side}
	name := func(phase string) ID { return ID(string(side) + ".phase." + phase) }
	arrow := func(r row, from string) Arrow {
		a := Arrow{To: name(r.to), Stays: r.to == from, Rule: r.id, Here: slices.Contains(r.from, here) && (from == "" || from == here)}
		if r.on == machine.OnCancel || strings.ToUpper(r.on) == r.on {
			a.Verb = r.on
		} else {
			a.Event = ID("ui.on." + r.on)
		}
		if r.class != 0 {
			a.Classes = []int{r.class}
		}
		for _, p := range made {
			if (p.id == "" || r.id == p.id) && r.to == p.to && (from == p.from || from == "" && slices.Contains(r.from, p.from)) {
				a.Taken = true
			}
		}
		return a
	}
	for _, phase := range texts(phases) {
		s := MachineState{Name: name(phase), Here: phase == here}
		s.Was = !s.Here && slices.ContainsFunc(made, func(p passage) bool { return p.from == phase })
		for _, r := range rows {
			if slices.Contains(r.from, phase) && !wide(r, len(phases)) {
				s.Arrows = merged(s.Arrows, arrow(r, phase))
			}
		}
		m.States = append(m.States, s)
	}
	for _, r := range rows {
		if wide(r, len(phases)) {
			m.Anywhere = append(m.Anywhere, arrow(r, ""))
		}
	}
	return m
}

// wide tells whether a move begins in more than half of the states.
func wide(r row, states int) bool { return 2*len(r.from) > states }

// merged adds an arrow, to one that differs in the reply only where there is
// such a one.
func merged(arrows []Arrow, a Arrow) []Arrow {
	for i := range arrows {
		b := &arrows[i]
		if b.Verb == a.Verb && b.Event == a.Event && b.To == a.To && b.Rule == a.Rule {
			b.Classes = append(b.Classes, a.Classes...)
			b.Taken = b.Taken || a.Taken
			return arrows
		}
	}
	return append(arrows, a)
}
