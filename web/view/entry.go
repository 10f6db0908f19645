package view

import (
	"slices"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// An Entry is a frame as the conversation shows it. What does not belong to its
// Kind is zero.
type Entry struct {
	Index   int
	Kind    session.FrameKind
	Side    session.Side
	Closed  bool     // the wire is inside TLS
	Refused bool     // the server refused what the client asked
	Lines   []Line   // Line, Body
	Says    []Run    // what the base64 spells
	Spelled Track    // of the base64
	Spoken  []Spoken // Says, cut by where it came from
	Exposed bool     // a listener reads a password here
	Notes   []Words  // remarks, and why the client stops
	Check   *Verdict
	Tube    *Tube
	Over    *Over
	Mark    ID // that it departs from a rule, or chooses what the rules leave open
}

// A Verdict is what a side finds when it checks the other.
type Verdict struct {
	Title  Words
	Holds  bool
	Found  ID // what that proves
	Reason ID // why not
	Pair   *Pair
}

// Over is how a session ended.
type Over struct {
	Proved bool // who the client is
	Words  []Words
}

// entry shows a frame; before are the frames up to it, itself included.
func (s *Story) entry(f *session.Frame, before []session.Frame) Entry {
	e := Entry{
		Index: f.Index, Kind: f.Kind, Side: f.Side,
		Closed:  f.Kind != session.Handshake && (f.ClientState.TLS || f.ServerState.TLS),
		Refused: refused(f), Exposed: exposed(f), Notes: notes(f), Mark: mark(f),
	}
	switch f.Kind {
	case session.Line, session.Body:
		e.Lines = lines(f)
		if f.Base64 != nil {
			e.Says = Text(f.Decoded)
			e.Spelled, e.Spoken = s.speak(f)
		}
	case session.Check:
		e.Check = s.verdict(f)
	case session.Handshake:
		e.Tube = s.tube(f)
	case session.End:
		e.Over = over(f, before)
	case session.Silent:
		e.Notes = append(e.Notes, say("ui.did.silent", "who", Who(f.Side)))
	case Quiet:
		e.Notes = []Words{say("ui.quiet", "who", Who(f.Side))}
	}
	return e
}

// verdict is the judgement of one side on the other, with the two values it
// hangs on.
func (s *Story) verdict(f *session.Frame) *Verdict {
	found := check(f)
	if found == nil {
		return nil
	}
	v := &Verdict{Title: title(f), Holds: found.holds}
	if found.reason != "" {
		v.Reason = ID("reason." + found.reason)
	}
	for i := range found.trace {
		step := &found.trace[i]
		if step.Op == trace.Compare && (v.Pair == nil || v.Pair.Holds) && (step.Holds || !v.Holds) && // of several tries, the one that fitted
			!(step.Holds && slices.Contains(aside, step.Label)) {
			p := s.pair(f.Side, step)
			v.Pair = &p
		}
	}
	if v.Pair != nil && !v.Holds && v.Pair.Holds { // it failed for another reason
		v.Pair = nil
	}
	v.Found = v.found(f)
	return v
}

// aside are comparisons behind the one that proves who somebody is.
var aside = []string{"MIC-check", "realm-check", "cusec-check"}

// found is what a check has proved: the client its name, or the server that it
// has what only it should have.
func (v *Verdict) found(f *session.Frame) ID {
	if f.Side == session.Client {
		m, _ := sasl.Lookup(f.ClientState.Mechanism)
		switch {
		case !v.Holds:
			return "ui.check.server.wrong"
		case m.Keyed:
			return "ui.check.server.service"
		}
		return "ui.check.server.stored"
	}
	switch {
	case !v.Holds:
		return "ui.check.wrong"
	case v.Pair == nil:
		return "ui.check.accepted"
	}
	return "ui.check.right"
}

// pair is a comparison with the names of its values.
func (s *Story) pair(side session.Side, step *trace.Step) Pair {
	p := comparison(step)
	for i, v := range step.In {
		p.Names[i], p.Tracks[i] = s.origins.name(side, v, step.ID), s.origins.operandTrack(side, step.ID, v)
	}
	return p
}

// passwords are the labels of what only the client and the server should know.
var passwords = []string{"password", "passwd"}

// exposed tells whether a value made for the frame is a password that a
// listener reads.
func exposed(f *session.Frame) bool {
	return slices.ContainsFunc(f.Steps(), func(s trace.Step) bool {
		return s.Op == trace.Given && slices.Contains(passwords, s.Label) && s.Known&trace.Wire != 0
	})
}

// notes are remarks on what happened beside what was said.
func notes(f *session.Frame) []Words {
	var all []Words
	for _, e := range f.Server {
		if e.Kind == machine.Dropped {
			all = append(all, say("ui.note.dropped", "n", len(e.Line)))
		}
	}
	if r := reply(f); r != nil {
		all = append(all, replyNotes(f, r.Lines)...)
	}
	for _, e := range f.Client {
		switch {
		case e.Kind == machine.Departed:
			all = append(all, say("ui.note.departed"))
		case e.Kind == machine.Faulted:
			all = append(all, faultWords(e.Fault))
		case e.Kind == machine.Said && e.On == machine.OnResponse && f.Base64 == nil:
			all = append(all, say("ui.note.empty-response"))
		case e.Kind == machine.Said && e.On == "EHLO" && f.Phase == session.EhloAgain:
			all = append(all, say("ui.note.again"))
		}
	}
	return all
}

func replyNotes(f *session.Frame, lines []string) []Words {
	has := func(keyword string) bool {
		return slices.ContainsFunc(lines, func(l string) bool {
			return l == keyword || len(l) > len(keyword) && l[:len(keyword)+1] == keyword+" "
		})
	}
	switch {
	case code(f) == 334 && f.Base64 == nil:
		return []Words{say("ui.note.empty-challenge")}
	case f.Phase == session.Ehlo && has("STARTTLS") && !has("AUTH"):
		return []Words{say("ui.note.no-auth")}
	}
	return nil
}

// faultWords says why the client stopped and whose doing it was.
func faultWords(f *client.Fault) Words {
	return say("ui.fault", "fault", ID("fault."+f.ID), "whose", ID("whose."+string(f.Whose)))
}

// over says who has gone, what was proved, and what went wrong.
func over(f *session.Frame, before []session.Frame) *Over {
	user := ""
	var fault *client.Fault
	for i := range before {
		if id := before[i].ServerState.Authcid; id != "" {
			user = id
		}
		if fault == nil { // what follows the first follows from it
			fault = before[i].Fault()
		}
	}
	o := &Over{Proved: f.ClientState.Authenticated}
	outcome := "ui.end.nothing"
	switch {
	case o.Proved && f.ClientState.Delivered:
		outcome = "ui.end.delivered"
	case o.Proved:
		outcome = "ui.end.authenticated"
	case f.ClientState.Delivered:
		outcome = "ui.end.unproved"
	}
	o.Words = append(o.Words, say(outcome, "user", user))
	if fault != nil {
		o.Words = append(o.Words, faultWords(fault))
	}
	return o
}
