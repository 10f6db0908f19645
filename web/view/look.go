package view

import "example.org/smtpauth/protocol/session"

// A Sight is what there is to see of one frame, beside its entry.
type Sight struct {
	At, Len int
	Title   Words // who did what
	Side    session.Side
	Rule    Rule
	Departs []Departure
	Opens   int // number of the card that is open at first
	Cards   []Card
	Tube    *Tube
	Octets  []byte // as said
	Sealed  bool   // they passed inside TLS
	Records []Record
}

// Look gives the sight of frame at.
func (s *Story) Look(at int) Sight {
	if v, ok := s.looked[at]; ok {
		return v
	}
	f := &s.frames[at]
	v := Sight{
		At: at, Len: len(s.frames), Title: title(f), Side: f.Side, Rule: s.explained(at), Departs: departures(f), Cards: s.Cards(at),
		Tube: s.Entries[at].Tube, Octets: f.Octets, Sealed: f.Sealed, Records: s.records(f),
	}
	v.Opens = Opens(v.Cards)
	s.looked[at] = v
	return v
}

// title says who did what in a frame, now that it has happened.
func title(f *session.Frame) Words {
	switch f.Kind {
	case session.Check:
		return did(next(f))
	case session.Handshake:
		return say("ui.did.handshake")
	case session.Body:
		return say("ui.did.body")
	case session.End:
		return say("ui.did.end", "who", Who(f.Side))
	case session.Meddled:
		return say("ui.did.meddled")
	case session.Silent:
		return say("ui.did.silent", "who", Who(f.Side))
	case Quiet:
		return say("ui.did.quiet", "who", Who(f.Side))
	}
	if f.Side == session.Client {
		return did(nextOfClient(f))
	}
	if c := code(f); c != 0 && f.Phase != session.Greeting && c != 334 {
		return say("ui.did.reply", "code", c)
	}
	return did(next(f))
}

// did turns what will happen into what has happened.
func did(w Words) Words {
	w.ID = "ui.did" + w.ID[len("ui.next"):]
	return w
}
