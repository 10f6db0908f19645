package exchange

import (
	"errors"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// A Server carries the server's half of one exchange. The zero value carries
// none.
type Server struct {
	line
	half   sasl.Exchange
	judged bool

	// Lenient, if it is set, is what is read of base64 that is none.
	Lenient func(text []byte) []byte
	// StarIsData lets "*" be a response like any other.
	StarIsData bool
}

// NewServer returns the exchange of a server's half. It is open where there is no
// TLS.
func NewServer(f *Framing, half sasl.Exchange, env *sasl.Env, open bool) Server {
	return Server{line: line{f, env, open}, half: half}
}

// A Came says what came of a client's line.
type Came string

const (
	Continued    Came = "continue"     // Result has the next challenge
	Succeeded    Came = "success"      // Result says who it is
	Refused      Came = "refused"      // Fault says why, for those who may see this side
	Transition   Came = "transition"   // nothing is stored that this mechanism could check
	Unwanted     Came = "unwanted"     // this mechanism takes no initial response
	NotBase64    Came = "not-base64"   // what came is no base64
	Cancelled    Came = "cancelled"    // the client gave up
	TooLong      Came = "too-long"     // the line is longer than the framing allows
	Unanswerable Came = "unanswerable" // a fault of this side: the source of randomness, or a half out of step
)

// An Outcome is what came of a line, with what it takes to answer.
type Outcome struct {
	Came   Came
	Result sasl.Result // Continued, Succeeded
	Fault  *sasl.Error // Refused, Transition, Unwanted
	Read   int         // the step of the recorder that read the line's base64; 0: none
	Octets []byte      // what the line's base64 spells
}

// refusals are the kinds of a half's errors that the peer is told of.
var refusals = map[sasl.Kind]Came{sasl.Refused: Refused, sasl.Transition: Transition, sasl.Unwanted: Unwanted}

// Begin takes the initial response as it stands in the command, or none.
func (s *Server) Begin(text []byte, present bool) Outcome {
	switch {
	case !present:
		return s.next(sasl.Message{}, Outcome{})
	case string(text) == Empty:
		return s.next(sasl.Send(s.env.Trace.Received("response", nil, s.open)), Outcome{})
	}
	return s.decode(text)
}

// Take takes a response, without its CR LF. Long says that there was more of it
// than a line may have.
func (s *Server) Take(text []byte, long bool) Outcome {
	switch {
	case long:
		return Outcome{Came: TooLong}
	case string(text) == Cancel && !s.StarIsData:
		return Outcome{Came: Cancelled}
	}
	return s.decode(text)
}

func (s *Server) decode(text []byte) Outcome {
	if s.Lenient != nil {
		text = s.Lenient(text)
	}
	rec := s.env.Trace
	v, err := rec.Unbase64("response", rec.Received("response-base64", text, s.open))
	o := Outcome{Read: v.Step(), Octets: v.Octets}
	if err != nil {
		o.Came = NotBase64
		return o
	}
	return s.next(sasl.Send(v), o)
}

// next hands the half a message and says what comes of it.
func (s *Server) next(message sasl.Message, o Outcome) Outcome {
	if s.half == nil {
		o.Came, o.Fault = Unanswerable, sasl.ErrOutOfStep
		return o
	}
	result, err := s.half.Next(s.env, message)
	switch {
	case err != nil:
		o.Came, o.Fault = Unanswerable, faultOf(err)
		if o.Fault == nil {
			break
		}
		if came, told := refusals[o.Fault.Kind]; told {
			o.Came = came
		}
	case result.Done:
		o.Came, o.Result = Succeeded, result
	default:
		o.Came, o.Result = Continued, result
	}
	return o
}

// faultOf is the peer's fault that an error names; nil: it names none.
func faultOf(err error) (fault *sasl.Error) {
	errors.As(err, &fault)
	return fault
}

// Challenge spells the next challenge, and says where it stands behind
// Framing.Challenge; an empty one is nothing.
func (s *Server) Challenge(o *Outcome) (text string, where machine.Base64) {
	octets, where := s.spell("challenge-base64", o.Result.Send.Value, len(s.framing.Challenge))
	return string(octets), where
}

// Judges reports, once an exchange, that the half has found the peer wrong: at the
// end, or before it tells the peer so.
func (s *Server) Judges(o *Outcome) *sasl.Error {
	fault := o.Result.Refused
	if o.Came == Refused {
		fault = o.Fault
	}
	if fault == nil || s.judged {
		return nil
	}
	s.judged = true
	return fault
}

// Labels returns the labels of the steps that the two sides record beside those
// of their mechanisms.
func Labels() []string {
	return []string{"response-base64", "response", "challenge-base64", "challenge"}
}
