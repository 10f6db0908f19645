package session_test

import (
	"bytes"
	"testing"

	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/transcript"
)

// kindOf is what the machine that said a frame's line tells of it; "" where
// somebody else said it.
func kindOf(f *session.Frame, first bool) transcript.Kind {
	for _, e := range f.Client {
		if kind, other := ons[e.On]; e.Kind == machine.Said && other {
			return kind
		} else if e.Kind == machine.Said {
			return transcript.Command
		}
	}
	for _, e := range f.Server {
		switch {
		case e.Kind != machine.Said:
		case first:
			return transcript.Greeting
		case f.ServerState.Phase == server.Exchange:
			return transcript.Challenge
		default:
			return transcript.Reply
		}
	}
	return ""
}

var ons = map[string]transcript.Kind{machine.OnResponse: transcript.Response, machine.OnCancel: transcript.Cancel, machine.OnMessage: transcript.Message}

// A scene is a session that is compared.
type scene struct {
	name   string
	setup  session.Setup
	inputs []session.Input
}

// scenes are those of all scenarios, of all case studies, and of each real
// server with a client that tries every mechanism it can.
func scenes(t *testing.T) (list []scene) {
	t.Helper()
	for _, sc := range scenario.All {
		list = append(list, scene{sc.ID, sc.Setup(), sc.Inputs})
	}
	all, err := data.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all.Meetings {
		for i, act := range m.Acts {
			setup, err := scenario.Meet(all, m, i)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, scene{m.ID + "/" + act.ID, setup, nil})
		}
	}
	for _, s := range all.Servers {
		for _, c := range []string{"curl", "symfony-mailer"} {
			setup, err := scenario.Pair(all, s.ID, c)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, scene{s.ID + " " + c, setup, nil})
		}
	}
	return list
}

// meant are the lines that a client means otherwise than whoever follows and the
// server take them.
var meant = map[string]string{
	"exim-prompts/misquoted: QUIT": "said in an exchange, where it is a response (RFC 4954 §4)",
	"stray-star/postfix: *":        "said behind the end of the exchange, where it cancels nothing",
}

// Whoever follows the lines of a session as they pass knows of each what the
// machine that said it knows: its kind, and where its base64 stands.
func TestFollowerKnowsWhatTheMachinesKnow(t *testing.T) {
	compared := map[transcript.Kind]int{}
	found := 0
	for _, sc := range scenes(t) {
		s := run(t, sc.setup, sc.inputs...)
		var f transcript.Follower
		first := true
		for i, frame := range s.Frames() {
			if frame.Kind == session.Handshake {
				f.Secured(nil)
			}
			want := kindOf(&frame, first)
			first = first && want != transcript.Greeting
			for octets := range bytes.SplitAfterSeq(frame.Octets, []byte("\r\n")) {
				if len(octets) == 0 {
					continue
				}
				l := f.Follow(frame.Side, bytes.TrimSuffix(octets, []byte("\r\n")))
				if _, otherwise := meant[sc.name+": "+string(l.Octets)]; otherwise && l.Kind != want {
					found++
					continue
				}
				if want != "" && l.Kind != want {
					t.Errorf("%s, frame %d: %q is a %s to who follows, a %s to the %s", sc.name, i, octets, l.Kind, want, frame.Side)
				}
				decoded, ok := l.Decoded()
				has := frame.Base64 != nil
				if has != (ok && len(decoded) > 0) || has && (frame.Base64.Offset != l.Base64.Offset || frame.Base64.Length != l.Base64.Length || !bytes.Equal(frame.Decoded, decoded)) {
					t.Errorf("%s, frame %d: in %q base64 stands at %+v to who follows, at %+v to the %s", sc.name, i, octets, l.Base64, frame.Base64, frame.Side)
				}
				compared[want]++
			}
		}
	}
	for _, kind := range []transcript.Kind{transcript.Greeting, transcript.Command, transcript.Reply, transcript.Challenge, transcript.Response, transcript.Cancel, transcript.Message} {
		if compared[kind] == 0 {
			t.Errorf("no %s was compared", kind)
		}
	}
	if found != len(meant) {
		t.Errorf("%d of %d lines are meant otherwise", found, len(meant))
	}
}
