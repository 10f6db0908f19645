package session_test

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// setup is the default scenario's, changed.
func setup(change ...func(*session.Setup)) session.Setup {
	s, _ := scenario.ByID(scenario.Default)
	made := s.Setup()
	for _, c := range change {
		c(&made)
	}
	return made
}

// clear is the default scenario without TLS.
func clear(s *session.Setup) { scenario.SetProtection(s, client.NoTLS) }

// run makes a session, applies the inputs and steps to the end.
func run(t *testing.T, s session.Setup, inputs ...session.Input) *session.Session {
	t.Helper()
	made, err := session.New(s, inputs...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.Close)
	made.Run()
	return made
}

// said are the lines of a session with who said them, "C: EHLO …".
func said(s *session.Session) (lines []string) {
	for _, f := range s.Frames() {
		who := map[session.Side]string{session.Client: "C: ", session.Server: "S: "}[f.Side]
		if f.Kind == session.Line || f.Kind == session.Body {
			for line := range strings.Lines(string(f.Octets)) {
				lines = append(lines, who+strings.TrimRight(line, "\r\n"))
			}
		}
	}
	return lines
}

func find(s *session.Session, match func(session.Frame) bool) (session.Frame, bool) {
	i := slices.IndexFunc(s.Frames(), match)
	if i < 0 {
		return session.Frame{}, false
	}
	return s.Frames()[i], true
}

// withoutTLS are frames without what TLS makes anew, which goes into what a
// mechanism computes when it binds the connection.
func withoutTLS(frames []session.Frame) []session.Frame {
	frames = slices.Clone(frames)
	for i := range frames {
		if slices.ContainsFunc(frames[i].Steps(), func(s trace.Step) bool { return s.Label == "cbind-data" || s.Label == "cbind-input" }) ||
			i > 0 && strings.HasSuffix(frames[i-1].ClientState.Mechanism, "-PLUS") {
			f := frames[i]
			frames[i] = session.Frame{Index: f.Index, Kind: f.Kind, Side: f.Side, Phase: f.Phase, ClientState: f.ClientState, ServerState: f.ServerState}
			continue
		}
		frames[i].Wire = slices.DeleteFunc(slices.Clone(frames[i].Wire), func(c session.Chunk) bool { return c.Records != nil })
		frames[i].TLS = nil
		frames[i].Client, frames[i].Server = slices.Clone(frames[i].Client), slices.Clone(frames[i].Server)
		for j := range frames[i].Client {
			frames[i].Client[j].Trace = withoutMiddle(frames[i].Client[j].Trace)
		}
		for j := range frames[i].Server {
			frames[i].Server[j].Trace = withoutMiddle(frames[i].Server[j].Trace)
		}
	}
	return frames
}

// withoutMiddle are steps without what is known in the middle of TLS.
func withoutMiddle(steps []trace.Step) []trace.Step {
	steps = slices.Clone(steps)
	for i := range steps {
		steps[i].Known &^= trace.Middle
		steps[i].Sub = withoutMiddle(steps[i].Sub)
	}
	return steps
}

func TestOneFrameAnInput(t *testing.T) {
	s := run(t, setup())
	if len(s.Frames()) != len(s.Inputs()) {
		t.Errorf("%d frames from %d inputs", len(s.Frames()), len(s.Inputs()))
	}
	if s.Apply(session.Input{Kind: session.Step}) {
		t.Error("a step after the end was taken")
	}
}

// Any bend of a set-up comes to an end, and every id on the way has its place in
// the vocabulary.
func TestAnyBendOfASetup(t *testing.T) {
	words := map[string]bool{}
	for _, id := range session.Vocabulary() {
		words[id] = true
	}
	has := func(t *testing.T, id string) {
		t.Helper()
		if !words[id] {
			t.Errorf("%q is not in the vocabulary", id)
		}
	}
	var steps func(t *testing.T, list []trace.Step)
	steps = func(t *testing.T, list []trace.Step) {
		for _, s := range list {
			has(t, "op."+string(s.Op))
			has(t, "label."+s.Label)
			steps(t, s.Sub)
		}
	}
	for name, made := range manySetups() {
		t.Run(name, func(t *testing.T) {
			frames := run(t, made).Frames()
			if last := frames[len(frames)-1]; last.ClientState.Phase != client.Closed && last.ServerState.Phase != server.Closed {
				t.Errorf("it hangs: client %q, server %q", last.ClientState.Phase, last.ServerState.Phase)
			}
			for _, f := range frames {
				if id := f.Rule().ID; id != "" {
					has(t, "rule."+id)
				}
				if fault := f.Fault(); fault != nil {
					has(t, "fault."+fault.ID)
					has(t, "whose."+string(fault.Whose))
				}
				for _, e := range f.Server {
					if e.Reason != "" {
						has(t, "reason."+e.Reason)
					}
				}
				for _, e := range f.Client {
					if e.Reason != "" {
						has(t, "reason."+e.Reason)
					}
				}
				if f.TLSFailure != nil {
					has(t, "tls.failure."+f.TLSFailure.ID)
				}
				for _, c := range f.Wire {
					for _, r := range c.Records {
						has(t, "tls.record."+r.Type)
						for _, m := range r.Messages {
							has(t, "tls.message."+m.Type)
						}
						if r.Alert != "" {
							has(t, "tls.alert."+r.Alert)
						}
					}
				}
				has(t, "phase."+string(f.Phase))
				has(t, "client.phase."+string(f.ClientState.Phase))
				has(t, "server.phase."+string(f.ServerState.Phase))
				steps(t, f.Steps())
			}
		})
	}
}

// manySetups are the scenarios and what the set-up sentence makes of them.
func manySetups() map[string]session.Setup {
	all := map[string]session.Setup{}
	for _, sc := range scenario.All {
		all[sc.ID] = sc.Setup()
	}
	for _, id := range []string{"cram-md5", "plain", "relay"} {
		sc, _ := scenario.ByID(id)
		for _, mechanism := range scenario.MechanismChoices() {
			for _, tls := range scenario.Protections {
				s := sc.Setup()
				scenario.SetMechanism(&s, mechanism)
				scenario.SetProtection(&s, tls)
				all[sc.ID+"/"+mechanism+"/"+string(tls)] = s
			}
		}
	}
	all["expired"] = setup(func(s *session.Setup) { s.TLS.Certificate.Expired = true })
	all["wrong-host"] = setup(func(s *session.Setup) { s.TLS.Certificate.Host = "other.example" })
	all["version"] = setup(func(s *session.Setup) { s.TLS.ClientMin, s.TLS.ServerMax = "1.3", "1.2" })
	all["1.2"] = setup(func(s *session.Setup) { s.TLS.ServerMax = "1.2" })
	all["unknown-user"] = setup(func(s *session.Setup) { scenario.SetUser(s, "tom") })
	all["withheld"] = setup(func(s *session.Setup) { s.Client.User.Password = sasl.Secret{Withheld: true} })
	return all
}

func TestCursor(t *testing.T) {
	s, err := session.New(setup())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.At() != -1 || s.Back() {
		t.Fatalf("before the first frame: at %d", s.At())
	}
	for i := range 3 {
		if !s.Forward() || s.At() != i {
			t.Fatalf("after %d steps at %d", i+1, s.At())
		}
	}
	if !s.Back() || s.At() != 1 || len(s.Frames()) != 3 {
		t.Errorf("back from 2: at %d of %d frames", s.At(), len(s.Frames()))
	}
	s.Jump(99)
	if s.At() != 2 {
		t.Errorf("a jump past the end: at %d, want the last frame, 2", s.At())
	}
	s.Jump(-7)
	if s.At() != 0 || s.Back() {
		t.Errorf("a jump before the beginning: at %d, want 0", s.At())
	}
	s.Run()
	if s.At() != 0 {
		t.Errorf("Run moved the cursor to %d", s.At())
	}
	for s.Forward() {
	}
	if s.At() != len(s.Frames())-1 {
		t.Errorf("stepped to %d of %d", s.At(), len(s.Frames()))
	}
}

func TestFork(t *testing.T) {
	s := run(t, setup(clear))
	ask, _ := find(s, func(f session.Frame) bool { return strings.HasPrefix(string(f.Octets), "334 ") })
	fork, err := s.Fork(ask.Index+1, session.Input{Kind: session.Say, Side: session.Client, Octets: []byte("*\r\n")})
	if err != nil {
		t.Fatal(err)
	}
	defer fork.Close()
	if got, want := readable(withoutTLS(fork.Frames()[:ask.Index+1])), readable(withoutTLS(s.Frames()[:ask.Index+1])); got != want {
		t.Error("the frames before the fork differ")
	}
	fork.Apply(session.Input{Kind: session.Step})
	if last := fork.Frames()[len(fork.Frames())-1]; !strings.HasPrefix(string(last.Octets), "501 5.7.0") {
		t.Errorf("the server answers a person's %q with %q", "*", last.Octets)
	}
	if len(s.Frames()) == len(fork.Frames()) {
		t.Error("the fork changed the session it came from")
	}
}

func TestTheClockMovesOnlyByAnInput(t *testing.T) {
	s, err := session.New(setup(), session.Input{Kind: session.Step}, session.Input{Kind: session.Wait, Seconds: 299})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n := len(s.Frames()); n != 2 || s.Frames()[1].ServerState.Phase != server.Greeted {
		t.Fatalf("after 299 s: %+v", s.Frames())
	}
	s.Apply(session.Input{Kind: session.Wait, Seconds: 1}) // SEQ-18: five minutes
	s.Run()
	if !slices.ContainsFunc(said(s), func(l string) bool { return strings.HasPrefix(l, "S: 421 4.4.2") }) {
		t.Errorf("after 300 s nothing says 421: %q", said(s))
	}
}

func TestNothingOutlivesASession(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, n := range []int{0, 5, 6, 7, 12, 99} {
		s, err := session.New(setup(), slices.Repeat([]session.Input{{Kind: session.Step}}, n)...)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		s.Close()
	}
	for i := 0; runtime.NumGoroutine() > before && i < 100; i++ {
		time.Sleep(time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}

func TestAnAccountThatCannotBeStored(t *testing.T) {
	_, err := session.New(setup(func(s *session.Setup) { s.Server.Accounts[0].Password.Text = "" }))
	if bad := (*sasl.AccountError)(nil); !errors.As(err, &bad) {
		t.Errorf("New = %v, want an AccountError", err)
	}
}
