package view

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/matrix"
	"example.org/smtpauth/protocol/session"
)

// A Crossing is what a server and a client come to, made ready to be shown.
type Crossing struct {
	Outcome   ID     // also the class of its sign
	Mechanism string // used last; empty: no AUTH was sent
	How       ID     // inside TLS, in clear text, or the password readable there
	Why       ID     // why not, or why not at the first try; empty: nothing went wrong
	Code      int    // the reply code behind that; 0: none
	Short     string // the mechanism in six letters at most, "!" where the password was readable
}

// Crossings looks a matrix up by ids.
type Crossings struct {
	matrix           *matrix.Matrix
	servers, clients map[string]int
}

// NewCrossings prepares a matrix.
func NewCrossings(m *matrix.Matrix) *Crossings {
	c := &Crossings{m, map[string]int{}, map[string]int{}}
	for i, id := range m.Servers {
		c.servers[id] = i
	}
	for i, id := range m.Clients {
		c.clients[id] = i
	}
	return c
}

// Of is the cell of two dialects that the matrix has.
func (c *Crossings) Of(server, client string) Crossing {
	cell := c.matrix.At(c.servers[server], c.clients[client])
	x := Crossing{Outcome: ID("matrix." + cell.Outcome), Mechanism: cell.Mechanism, Code: cell.Code, How: "matrix.clear", Short: shortMechanism(cell.Mechanism)}
	switch {
	case cell.TLS:
		x.How = "matrix.tls"
	case cell.Readable():
		x.How, x.Short = "matrix.readable", x.Short+"!"
	}
	if cell.Fault != "" {
		x.Why = ID("fault." + cell.Fault)
	}
	return x
}

// Counts are the outcomes that there are, with how often each came.
func (c *Crossings) Counts() (outcomes []ID, times []int) {
	count := map[matrix.Outcome]int{}
	for _, row := range c.matrix.Cells {
		for _, kind := range row {
			count[c.matrix.Kinds[kind].Outcome]++
		}
	}
	for _, o := range matrix.Outcomes {
		if count[o] > 0 {
			outcomes, times = append(outcomes, ID("matrix."+o)), append(times, count[o])
		}
	}
	return outcomes, times
}

// Has reports whether the matrix has a row, or a column, for a dialect of a side.
func (c *Crossings) has(side session.Side, id string) bool {
	of := c.servers
	if side == session.Client {
		of = c.clients
	}
	_, has := of[id]
	return has
}

// Programs are the dialects of a side that the matrix has, as ActsOf gives them.
func (c *Crossings) Programs(all *dialect.All, side session.Side, setup session.Setup, query string) (groups []Acts) {
	for _, g := range ActsOf(all, side, setup, query) {
		g.Rows = slices.DeleteFunc(g.Rows, func(a Act) bool { return !c.has(side, a.ID) })
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// shortMechanism abbreviates: CRAM-MD5 is CRAM, SCRAM-SHA-256-PLUS S256+.
func shortMechanism(name string) string {
	hash, scram := strings.CutPrefix(name, "SCRAM-SHA-")
	if hash, plus := strings.CutSuffix(hash, "-PLUS"); plus {
		return "S" + hash + "+"
	}
	if scram {
		return "S" + hash
	}
	name, _, _ = strings.Cut(name, "-")
	return name[:min(len(name), 6)]
}

// Turn is the frame in which a session turned: that of the client's first
// fault, where it came to nothing, else the last.
func (s *Story) Turn() int {
	last := len(s.frames) - 1
	if last < 0 || s.frames[last].ClientState.Delivered {
		return last
	}
	for i := range s.frames {
		if s.frames[i].Fault() != nil {
			return i
		}
	}
	return last
}
