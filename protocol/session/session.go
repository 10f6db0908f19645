package session

import (
	"slices"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/protocol/trace"
)

// maxFrames bounds a session: a person may speak for ever.
const maxFrames = 2000

// MaxWork is how much a session computes, in iterations of PBKDF2; after that no
// password is proved any more. The highest count (sasl.MaxIterations) fits in
// twice: once on either side.
const MaxWork = 500_000

// A Session is both machines and the wire between them, with the frames so far
// and a cursor on one of them.
type Session struct {
	setup  Setup
	inputs []Input
	frames []Frame
	at     int

	now       time.Time
	client    *client.Client
	server    *server.Server
	recorders []*trace.Recorder // of both
	identity  tlslink.Identity
	wire      wire
	started   bool
	pending   []group // what the machines did and no frame shows yet
	gone      map[Side]bool
	settled   map[Side]string // "up" or "broken", as the side's machine was told of its TLS layer
	phase     Phase
	states    struct {
		client client.State
		server server.State
	}
}

// New makes a session and applies the inputs. It must be closed. It fails on
// an account that cannot be stored, or a certificate that cannot be made.
func New(setup Setup, inputs ...Input) (*Session, error) {
	s := &Session{setup: setup, now: setup.Start, phase: Greeting, wire: wire{under: map[Side][]byte{}}, gone: map[Side]bool{}, settled: map[Side]string{}}
	work := MaxWork
	env := func(side trace.Party, purpose string) sasl.Env {
		rec := trace.NewRecorder(side)
		s.recorders = append(s.recorders, rec)
		return sasl.Env{Rand: source(setup.Seed, purpose), Now: s.clock, Trace: rec, Work: &work}
	}
	made, err := withToken(setup)
	if err != nil {
		return nil, err
	}
	if made, err = WithRealm(made); err != nil {
		return nil, err
	}
	if s.server, err = server.New(made.Server, env(trace.Server, "server")); err != nil {
		return nil, err
	}
	clientEnv := env(trace.Client, "client")
	if clientEnv.KDC, err = CentreOf(setup, s.clock); err != nil {
		return nil, err
	}
	s.client = client.New(made.Client, clientEnv)
	s.states.client, s.states.server = s.client.State(), s.server.State()
	if s.identity, err = identityFor(setup); err != nil {
		return nil, err
	}
	for _, in := range inputs {
		for range max(1, in.Times) {
			in.Times = 0
			s.Apply(in)
		}
	}
	return s, nil
}

func (s *Session) clock() time.Time { return s.now }

// Setup is what the session was made from.
func (s *Session) Setup() Setup { return s.setup }

// Inputs are those applied so far, one a frame.
func (s *Session) Inputs() []Input { return slices.Clone(s.inputs) }

// Frames are those made so far, one an input.
func (s *Session) Frames() []Frame { return s.frames }

// At is the index of the frame under the cursor; -1 before the first.
func (s *Session) At() int { return s.at - 1 }

// Jump puts the cursor on a frame that was made, as near to index as may be.
func (s *Session) Jump(index int) { s.at = min(max(index+1, min(1, len(s.frames))), len(s.frames)) }

// Run steps until nothing more happens. The cursor stays.
func (s *Session) Run() {
	for s.Apply(Input{Kind: Step}) {
	}
}

// Fork makes a session with the inputs of the first n frames and others behind
// them.
func (s *Session) Fork(n int, inputs ...Input) (*Session, error) {
	n = min(max(n, 0), len(s.inputs))
	return New(s.setup, append(slices.Clone(s.inputs[:n]), inputs...)...)
}

// Close ends both TLS layers. What was made stays readable.
func (s *Session) Close() { s.wire.close() }

// Apply lets one thing happen and appends its frame. It reports false, and
// changes nothing, where nothing can: the session is over.
func (s *Session) Apply(in Input) bool {
	if len(s.frames) >= maxFrames {
		return false
	}
	f := Frame{Index: len(s.frames)}
	if !s.happen(in, &f) {
		return false
	}
	f.Phase, f.ClientState, f.ServerState = s.phase, s.states.client, s.states.server
	s.frames = append(s.frames, f)
	s.inputs = append(s.inputs, in)
	return true
}

// happen does what in asks and tells it in f.
func (s *Session) happen(in Input, f *Frame) bool {
	if in.Kind == Step {
		return s.step(f)
	}
	if !s.started {
		return false
	}
	f.Kind = Meddled
	switch in.Kind {
	case Say:
		if s.gone[in.Side] {
			return false
		}
		f.Kind, f.Side, f.Octets = Line, in.Side, in.Octets
		s.put(f, in.Side, in.Octets)
	case Inject:
		s.lay(f, in.Toward, in.Octets)
	case Change:
		s.wire.take(in.Toward)
		s.lay(f, in.Toward, in.Octets)
	case Drop:
		s.wire.take(in.Toward)
	case Wait:
		s.now = s.now.Add(time.Duration(in.Seconds) * time.Second)
		s.tell(f, Server, machine.Input{Kind: machine.Clock, Now: s.now})
		s.tell(f, Client, machine.Input{Kind: machine.Clock, Now: s.now})
	default:
		return false
	}
	return true
}
