package session

import "example.org/smtpauth/protocol/transcript"

// Input is one thing that happens to a session. Each gives one frame.
type Input struct {
	Kind InputKind `json:"kind"`
	// Times repeats a Step, Say to Drop happen once. Zero counts as one.
	Times int `json:"times,omitempty"`
	// Side is in whose place a person speaks (Say).
	Side Side `json:"side,omitempty"`
	// Toward is the direction on the wire (Inject, Change, Drop).
	Toward Side `json:"toward,omitempty"`
	// Octets go out as they stand (Say, Inject), or replace what is under way
	// (Change).
	Octets []byte `json:"octets,omitempty"`
	// Seconds is how far the clock moves (Wait).
	Seconds int `json:"seconds,omitempty"`
}

// InputKind says what an Input is.
type InputKind string

const (
	Step   InputKind = "step"   // whatever comes next
	Say    InputKind = "say"    // a person speaks in place of a side, inside TLS where it is up
	Inject InputKind = "inject" // somebody on the wire adds octets behind those under way
	Change InputKind = "change" // somebody on the wire replaces the octets under way
	Drop   InputKind = "drop"   // somebody on the wire keeps them
	Wait   InputKind = "wait"   // time passes
)

// InputKinds are all of them.
var InputKinds = []InputKind{Step, Say, Inject, Change, Drop, Wait}

// Side is one of the two machines.
type Side = transcript.Side

const (
	Client = transcript.Client
	Server = transcript.Server
)
