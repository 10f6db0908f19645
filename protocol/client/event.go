package client

import "example.org/smtpauth/protocol/machine"

// An Event is something the client did. Fields not named for its Kind are zero.
type Event struct {
	machine.Event

	To    State  `json:"to,omitzero"`     // Moved
	Fault *Fault `json:"fault,omitempty"` // Faulted
}

// A Fault says why the client stopped, and whose doing it was. It is an error.
type Fault struct {
	ID    string `json:"id"`
	Whose Whose  `json:"whose"`
	machine.RuleID
	Code int `json:"code,omitempty"` // the reply code, where a reply was the reason
}

// Whose says who stands behind a Fault.
type Whose string

const (
	ServerBroke   Whose = "server-broke"   // a rule of the protocol
	ServerRefused Whose = "server-refused" // as the protocol lets it
	Ours          Whose = "ours"           // the plan cannot be carried out here
	Connection    Whose = "connection"     // it was cut, or TLS failed
)

func (f *Fault) Error() string { return "client: " + f.ID + " (" + string(f.Whose) + ")" }

// Is reports whether target is a *Fault with the same ID.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.ID == f.ID
}
