package session

import (
	"iter"
	"slices"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/protocol/trace"
)

// A Frame is one step of a session, as plain data: what was done, what passed
// on the wire, and how both sides stand after it.
type Frame struct {
	// Session tells the sessions of a native server apart; 0 in a page.
	Session int `json:"session,omitempty"`

	Index int       `json:"index"`
	Kind  FrameKind `json:"kind"`
	Side  Side      `json:"side,omitempty"` // who acted
	Phase Phase     `json:"phase"`

	// Octets are what was said, before TLS sealed it, with CR LF.
	Octets []byte `json:"octets,omitempty"`
	// Base64 is where in Octets base64 stands, and Decoded what it spells.
	Base64  *machine.Base64 `json:"base64,omitempty"`
	Decoded []byte          `json:"decoded,omitempty"`
	Sealed  bool            `json:"sealed,omitempty"` // it passed inside TLS

	Client []client.Event `json:"client_events,omitempty"`
	Server []server.Event `json:"server_events,omitempty"`
	Wire   []Chunk        `json:"wire,omitempty"`

	ClientState client.State     `json:"client_state"`
	ServerState server.State     `json:"server_state"`
	TLS         *tlslink.Facts   `json:"tls,omitempty"`         // Handshake: what the client knows of it
	TLSFailure  *tlslink.Failure `json:"tls_failure,omitempty"` // Handshake: why there is none
}

// FrameKind says what a Frame shows.
type FrameKind string

const (
	Line      FrameKind = "line"      // one line, or one reply of several
	Body      FrameKind = "body"      // a whole message, up to its dot
	Check     FrameKind = "check"     // a check that a side makes for itself
	Handshake FrameKind = "handshake" // TLS, all its records
	Meddled   FrameKind = "meddled"   // somebody on the wire did something, or time passed
	Silent    FrameKind = "silent"    // a side answers nothing, as a quirk has it
	End       FrameKind = "end"       // a side has gone
)

// Phase is a part of a session, for a bar to jump by.
type Phase string

const (
	Greeting  Phase = "greeting"
	Ehlo      Phase = "ehlo"
	TLSPhase  Phase = "tls"
	EhloAgain Phase = "ehlo-again"
	Auth      Phase = "auth"
	Mail      Phase = "mail"
	Quit      Phase = "quit"
)

// A Chunk is octets that passed on the wire, as a listener has them. Records
// are set where they are TLS.
type Chunk struct {
	Toward  Side             `json:"toward"`
	Beyond  bool             `json:"beyond,omitempty"` // between somebody in the middle of TLS and the server
	Heard   []byte           `json:"heard,omitempty"`  // what somebody in the middle of TLS reads in it
	Octets  []byte           `json:"octets"`
	Records []tlslink.Record `json:"records,omitempty"`
}

// Events are what both machines did without what one alone tells, the server's
// first.
func (f *Frame) Events() iter.Seq2[Side, *machine.Event] {
	d := did{f.Server, f.Client}
	return d.all()
}

// said notes what was said, and the base64 in it: what it spells is what its step
// spelled, where there is one.
func (f *Frame) said(e *machine.Event) {
	f.Octets = e.Octets
	for i := range e.Trace {
		if s := &e.Trace[i]; s.ID == e.Base64.Step && s.Op == trace.Base64 {
			f.Base64, f.Decoded = &e.Base64, s.In[0].Octets
			return
		}
	}
	f.decode(e.Base64)
}

// decode notes the base64 at a place of Octets, if it is any.
func (f *Frame) decode(at machine.Base64) {
	if !at.In(len(f.Octets)) {
		return
	}
	var quiet *trace.Recorder
	decoded, err := quiet.Unbase64("", trace.Value{Octets: f.Octets[at.Offset : at.Offset+at.Length]})
	if err == nil {
		f.Base64, f.Decoded = &at, decoded.Octets
	}
}

// Rule is the rule that decided the frame; its ID is empty where none did.
func (f *Frame) Rule() machine.RuleID {
	for _, e := range f.Server {
		if e.Kind == machine.Said || e.Kind == machine.Checked {
			return e.Rule
		}
	}
	for i, e := range f.Client {
		switch {
		case e.Kind == machine.Faulted && !goesOn(f.Client[i:]), e.Kind == machine.Departed:
			return e.Rule
		}
	}
	for _, e := range f.Client {
		if e.Kind == machine.Said || e.Kind == machine.Checked || e.Kind == machine.Secure {
			return e.Rule
		}
	}
	return machine.RuleID{}
}

// goesOn reports whether the client says something else after a fault than that
// it gives up: then the fault is of the step before, and decides nothing here.
func goesOn(events []client.Event) bool {
	return slices.ContainsFunc(events, func(e client.Event) bool {
		return e.Kind == machine.Said && e.On != "QUIT" && e.On != machine.OnCancel
	})
}

// Quirks are those that made what the frame shows other than it would be, each
// once.
func (f *Frame) Quirks() (acted quirk.Set) {
	for _, e := range f.Events() {
		for _, n := range e.Quirks {
			if !acted.Has(n) {
				acted = append(acted, n)
			}
		}
	}
	return acted
}

// Asked is the reply that the rule asks for, where the server gives one with
// another code; else nil.
func (f *Frame) Asked() *server.Asked {
	for _, e := range f.Server {
		if e.Asked != nil {
			return e.Asked
		}
	}
	return nil
}

// Steps are the computations made for the frame, in order.
func (f *Frame) Steps() []trace.Step {
	var steps []trace.Step
	for _, e := range f.Events() {
		steps = append(steps, e.Trace...)
	}
	return steps
}

// Fault is why the client stopped in this frame, or nil.
func (f *Frame) Fault() *client.Fault {
	for _, e := range f.Client {
		if e.Kind == machine.Faulted {
			return e.Fault
		}
	}
	return nil
}
