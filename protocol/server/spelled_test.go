package server

import (
	"math/rand/v2"
	"slices"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/trace"
)

// Where base64 stands the machine tells that read or spelled it, and of which
// step it is: nobody finds it by its octets, which may stand there twice.
func TestWhereBase64Stands(t *testing.T) {
	twice := func(p *Policy) { p.Replies = map[Place]string{"challenge": "334 VXNlcm5hbWU6 VXNlcm5hbWU6"} }
	clear := func(p *Policy) { p.Quirks = quirk.Set{quirk.ChallengeClear} }
	for _, test := range []struct {
		change      func(*Policy)
		line        string
		took        machine.Base64
		said        machine.Base64
		read, spelt string // what the steps hold
	}{
		{line: "AUTH PLAIN AUTH", took: machine.Base64{Offset: 11, Length: 4}, read: "\x01\x44\xc7"},
		{line: "auth login LOGI", took: machine.Base64{Offset: 11, Length: 4}, read: "\x2c\xe1\x88", said: machine.Base64{Offset: 4, Length: 12}, spelt: "Password:"},
		{line: "AUTH PLAIN =", took: machine.Base64{}},
		{line: "AUTH PLAIN *", took: machine.Base64{Offset: 11, Length: 1}}, // there the grammar has it, though it is none
		{line: "AUTH FOOBAR QUJD", took: machine.Base64{Offset: 12, Length: 4}},
		{line: "AUTH LOGIN", said: machine.Base64{Offset: 4, Length: 12}, spelt: "Username:"},
		{line: "NOOP QUJD"},
		{line: "AUTH LOGIN", change: twice}, // the server's own words: none of it was spelled
		{line: "AUTH LOGIN", change: clear},
	} {
		p := policies["clear"]()
		if test.change != nil {
			test.change(&p)
		}
		h := newHost(t, p)
		h.Step(machine.Input{Kind: machine.Connected})
		h.say("EHLO a\r\n")
		steps := map[int]trace.Step{}
		var took, said machine.Base64
		for _, e := range h.say(test.line + "\r\n") {
			for _, s := range e.Trace {
				steps[s.ID] = s
			}
			switch e.Kind {
			case machine.Took:
				took = e.Base64
			case machine.Said:
				said = e.Base64
			}
		}
		for _, one := range []struct {
			what      string
			got, want machine.Base64
			op        trace.Op
			holds     string
		}{{"took", took, test.took, trace.Unbase64, test.read}, {"said", said, test.said, trace.Base64, test.spelt}} {
			step := steps[one.got.Step]
			value := string(step.Out.Octets)
			if one.op == trace.Base64 && len(step.In) > 0 {
				value = string(step.In[0].Octets)
			}
			if one.got.Step = 0; one.got != one.want || one.holds != "" && (step.Op != one.op || value != one.holds) || one.holds == "" && step.Op != "" {
				t.Errorf("%q: %s %+v of %q, want %+v of %q", test.line, one.what, one.got, value, one.want, one.holds)
			}
		}
	}
}

// Without a recorder it stands in the same places.
func TestBase64WithoutRecorder(t *testing.T) {
	h := newHostWith(t, policies["clear"](), sasl.Env{Rand: rand.NewChaCha8([32]byte{})})
	h.Step(machine.Input{Kind: machine.Connected})
	h.say("EHLO a\r\n")
	events := h.say("AUTH PLAIN AHRpbQB4\r\n")
	i := slices.IndexFunc(events, func(e Event) bool { return e.Kind == machine.Took })
	if i < 0 || events[i].Base64 != (machine.Base64{Offset: 11, Length: 8}) {
		t.Errorf("%+v", events)
	}
}
