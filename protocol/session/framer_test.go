package session_test

import (
	"bytes"
	"crypto/sha3"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/protocol/trace"
)

// elsewhere is a set-up's server as it would stand behind a socket.
func elsewhere(t *testing.T, made session.Setup) *server.Server {
	t.Helper()
	made, err := session.WithRealm(made)
	if err != nil {
		t.Fatal(err)
	}
	random := sha3.NewSHAKE256() // as a session makes it
	random.Write([]byte("server\x00" + made.Seed))
	s, err := server.New(made.Server, sasl.Env{Rand: random, Now: func() time.Time { return made.Start }, Trace: trace.NewRecorder(trace.Server)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// serverSees is what of a session's frames a server alone can know.
func serverSees(t *testing.T, frames []session.Frame) string {
	t.Helper()
	var seen []session.Frame
	for _, f := range frames {
		if f.Kind == session.Check && f.Side == session.Client {
			continue // made by the client for itself
		}
		f.Client, f.Wire, f.Index = nil, nil, len(seen)
		if at := f.Base64; at != nil && f.Side == session.Client { // whose step is the client's
			f.Base64 = &machine.Base64{Offset: at.Offset, Length: at.Length}
		}
		f.ClientState.Phase, f.ClientState = "", session.Frame{}.ClientState
		if f.Kind != session.End {
			seen = append(seen, f)
		}
	}
	data, err := json.MarshalIndent(seen, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The frames of a server elsewhere are those of the page, however the client's
// octets are cut.
func TestFramesOfAServerElsewhere(t *testing.T) {
	for _, sc := range scenario.All {
		made := sc.Setup()
		clear(&made) // TLS needs a link
		here := run(t, made)
		want := serverSees(t, here.Frames())
		for _, size := range []int{1, 4096} {
			s, framer := elsewhere(t, made), session.NewFramer(0, made.Server.Role)
			frames := framer.Step(nil, s.Step(machine.Input{Kind: machine.Connected}))
			for _, f := range here.Frames() {
				if f.Side != session.Client || f.Kind != session.Line && f.Kind != session.Body {
					continue
				}
				for part := range slices.Chunk(f.Octets, size) {
					frames = append(frames, framer.Step(part, s.Step(machine.Input{Kind: machine.Octets, Octets: part}))...)
				}
			}
			if got := serverSees(t, frames); got != want {
				t.Errorf("%s, %d octets at a time:\n%s\nwant\n%s", sc.ID, size, got, want)
			}
		}
	}
}

// A line that the server answers in silence is told like any other, alone and in
// one piece with the next.
func TestFramesOfASilentServer(t *testing.T) {
	made := setup()
	made.Server.Quirks, made.Server.BeforeTLS = quirk.Set{quirk.PlainSilent}, []string{"PLAIN"}
	response := base64.StdEncoding.EncodeToString([]byte("\x00tim\x00tanstaaftanstaaf")) + "\r\n"
	for _, pieces := range [][]string{{"EHLO a\r\n", "AUTH PLAIN\r\n", response}, {"EHLO a\r\n", "AUTH PLAIN\r\n" + response}} {
		s, framer := elsewhere(t, made), session.NewFramer(0, made.Server.Role)
		frames := framer.Step(nil, s.Step(machine.Input{Kind: machine.Connected}))
		for _, piece := range pieces {
			frames = append(frames, framer.Step([]byte(piece), s.Step(machine.Input{Kind: machine.Octets, Octets: []byte(piece)}))...)
		}
		var said []string
		for i, f := range frames {
			if f.Index != i {
				t.Errorf("frame %d is number %d", i, f.Index)
			}
			if f.Side == session.Client {
				said = append(said, string(f.Octets))
			}
		}
		if want := []string{"EHLO a\r\n", "AUTH PLAIN\r\n", response}; !slices.Equal(said, want) {
			t.Errorf("in %d pieces: %q, want %q", len(pieces), said, want)
		}
	}
}

// Whatever comes in one piece is told line by line, and what was thrown away
// at STARTTLS is no line (TLS-05).
func TestFramesOfAPipeline(t *testing.T) {
	made := setup()
	s, framer := elsewhere(t, made), session.NewFramer(3, made.Server.Role)
	framer.Step(nil, s.Step(machine.Input{Kind: machine.Connected}))
	all := []byte("EHLO a.example\r\nNOOP\r\nSTARTTLS\r\nMAIL FROM:<evil@example.net>\r\n")
	framer.Passed(session.Chunk{Toward: session.Server, Octets: all})
	frames := framer.Step(all, s.Step(machine.Input{Kind: machine.Octets, Octets: all}))
	var lines []string
	for i, f := range frames {
		line, _, _ := strings.Cut(string(f.Octets), "\r\n")
		lines = append(lines, string(f.Side)+": "+line)
		if f.Index != i+1 || f.Session != 3 {
			t.Errorf("frame %d is number %d of session %d", i+1, f.Index, f.Session)
		}
	}
	want := []string{"client: EHLO a.example", "server: 250-mail.example.org", "client: NOOP", "server: 250 2.0.0 OK",
		"client: STARTTLS", "server: 220 2.0.0 Ready to start TLS"}
	if !slices.Equal(lines, want) {
		t.Fatalf("%q, want %q", lines, want)
	}
	if !bytes.Equal(frames[0].Wire[0].Octets, all) || frames[2].Wire != nil {
		t.Error("what passed is not in the first frame alone")
	}
	framer.Shook(&tlslink.Facts{Version: "TLS 1.3"}, nil)
	frames = framer.Step(nil, s.Step(machine.Input{Kind: machine.Secured}))
	if len(frames) != 1 || frames[0].Kind != session.Handshake || frames[0].Phase != session.TLSPhase || !frames[0].ServerState.TLS {
		t.Fatalf("the handshake: %+v", frames)
	}
	line := []byte("EHLO a.example\r\n")
	frames = framer.Step(line, s.Step(machine.Input{Kind: machine.Octets, Octets: line}))
	if len(frames) != 2 || string(frames[0].Octets) != string(line) || !frames[0].Sealed || frames[0].Phase != session.EhloAgain {
		t.Errorf("behind TLS: %+v", frames)
	}
}

// A line over every limit is told as the server took it, and the next one as
// it is.
func TestFramesOfALongLine(t *testing.T) {
	made := setup()
	s, framer := elsewhere(t, made), session.NewFramer(0, made.Server.Role)
	framer.Step(nil, s.Step(machine.Input{Kind: machine.Connected}))
	long := append(bytes.Repeat([]byte("x"), 1<<20), "\r\nNOOP\r\n"...)
	var frames []session.Frame
	for part := range slices.Chunk(long, 4096) {
		frames = append(frames, framer.Step(part, s.Step(machine.Input{Kind: machine.Octets, Octets: part}))...)
	}
	if len(frames) != 4 || !strings.HasPrefix(string(frames[1].Octets), "500 ") || string(frames[2].Octets) != "NOOP\r\n" {
		t.Errorf("%d frames", len(frames))
	}
}
