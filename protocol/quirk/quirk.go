// Package quirk names the departures from the RFCs, and the choices that they
// leave open, that a machine can be asked to make. A machine asks for one by
// name at the place where it acts; it never asks which program it imitates.
package quirk

import "slices"

// A Name names one quirk. What it does is worded on the page.
type Name string

// A Side is the machine that a quirk acts in.
type Side string

const (
	Server Side = "server"
	Client Side = "client"
)

// A Quirk is what is known of a name.
type Quirk struct {
	Name  Name
	Side  Side
	Rule  string // of spec/rules.md, on which it bears
	Place string // where in the machine it acts
}

// Known are all quirks, in the order of a session.
var Known = slices.Concat(servers, clients)

// Lookup finds a quirk.
func Lookup(n Name) (Quirk, bool) {
	i := slices.IndexFunc(Known, func(q Quirk) bool { return q.Name == n })
	if i < 0 {
		return Quirk{}, false
	}
	return Known[i], true
}

// A Set is what one machine is asked to do.
type Set []Name

// Has reports whether the machine is asked for n.
func (s Set) Has(n Name) bool { return slices.Contains(s, n) }
