// Package quirk names the departures from the RFCs that a machine can be asked
// to make. A machine asks for one by name at the place where it acts; it never
// asks which program it imitates.
package quirk

import "slices"

// A Name names one departure. What it does is worded on the page.
type Name string

const (
	// LoginExactPrompts: the client gives LOGIN up unless the challenges read
	// exactly "Username:" and "Password:" (against LOG-03).
	LoginExactPrompts Name = "login-exact-prompts"
)

// Names lists every quirk that a set-up may ask for.
var Names = []Name{LoginExactPrompts}

// A Set is what one machine is asked to do.
type Set []Name

// Has reports whether the machine is asked for n.
func (s Set) Has(n Name) bool { return slices.Contains(s, n) }
