package slim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Tables of a function that only a traceback looks at, or nothing at all under
// js/wasm, by their number (internal/abi/symtab.go).
var (
	idlePCs = []int{
		0, // UnsafePoint: for preemption by signals
		3, // ArgLiveIndex: for arguments in a traceback
	}
	idleData = []int{
		5, // ArgInfo: for arguments in a traceback
		6, // ArgLiveInfo: the same
		7, // WrapInfo: for stacks with frame pointers
	}
)

// inlineTree is the number of the calls that were inlined into a function,
// runtime.inlinedCall each.
const (
	inlineTree  = 3
	inlineID    = 0
	inlineName  = 4
	inlineStart = 12 // line of the function that was called
	inlineSize  = 16
)

// A use is what is done with what a place in the data begins.
type use uint8

const (
	needed   use = 1 << iota // by something else than a traceback
	inlining                 // it is an inlineTree
)

// strip takes out what only tracebacks print: lines, files, arguments, and the
// names but for what the runtime asks of them.
func (f *functions) strip() error {
	names, pcs, uses := rewrite(f.names), rewrite(f.pcs), map[uint32]use{}
	for i := range f.count {
		r, err := f.record(i)
		if err == nil {
			err = f.stripRecord(r, names, pcs, uses)
		}
		if err != nil {
			return fmt.Errorf("function %d: %w", i, err)
		}
	}
	places := append(slices.Sorted(maps.Keys(uses)), uint32(len(f.data)))
	for i, at := range places[:len(places)-1] {
		part := f.data[at:places[i+1]]
		if uses[at]&needed == 0 {
			clear(part)
		}
		for ; uses[at]&inlining != 0 && len(part) >= inlineSize; part = part[inlineSize:] {
			if err := names.put(part[inlineName:], short(part[inlineID])); err != nil {
				return fmt.Errorf("an inlined call: %w", err)
			}
			putHalf(part[inlineStart:], 0)
		}
	}
	clear(f.files)
	return errors.Join(names.write(f.names), pcs.write(f.pcs))
}

// stripRecord does it to one, and notes what it refers to.
func (f *functions) stripRecord(r []byte, names, pcs *rewritten, uses map[uint32]use) error {
	for _, field := range []int{recordFile, recordLine, recordUnit, recordStart} {
		putHalf(r[field:], 0)
	}
	err := errors.Join(names.put(r[recordName:], short(r[recordID])), pcs.put(r[recordStack:], pcTable))
	tables := r[recordHead:]
	for n := range int(half(r[recordPCs:])) {
		if slices.Contains(idlePCs, n) {
			putHalf(tables, 0)
		}
		err = errors.Join(err, pcs.put(tables, pcTable))
		tables = tables[4:]
	}
	for n := range int(r[recordData]) {
		use, at := needed, half(tables)
		switch {
		case slices.Contains(idleData, n):
			use = 0
			putHalf(tables, recordNoData)
		case n == inlineTree:
			use |= inlining
		}
		tables = tables[4:]
		switch {
		case at == recordNoData:
		case at >= uint32(len(f.data)):
			err = errors.Join(err, errors.New("its data are not in the line table"))
		default:
			uses[at] |= use
		}
	}
	return err
}

// A rewritten table holds of another what is still referred to.
type rewritten struct {
	old, new []byte
	places   map[string]uint32 // in the new, by what stands there
}

// rewrite begins a table with the octet at 0, which stands for none: no name, no
// values.
func rewrite(table []byte) *rewritten {
	return &rewritten{bytes.Clone(table), []byte{0}, map[string]uint32{"\x00": 0}}
}

// put makes a field, which is a place in the old table, one in the new. take
// cuts what belongs there from what stands in the old one from that place on;
// nil where it cannot.
func (t *rewritten) put(field []byte, take func(from []byte) []byte) error {
	if half(field) == 0 {
		return nil
	}
	content := take(t.old[min(int(half(field)), len(t.old)):])
	if content == nil {
		return errors.New("it leads to nothing in the line table")
	}
	if _, known := t.places[string(content)]; !known {
		t.places[string(content)] = uint32(len(t.new))
		t.new = append(t.new, content...)
	}
	putHalf(field, t.places[string(content)])
	return nil
}

func (t *rewritten) write(table []byte) error {
	if len(t.new) > len(table) {
		return fmt.Errorf("%d octets of the line table have become %d", len(table), len(t.new))
	}
	clear(table[copy(table, t.new):])
	return nil
}

// pcTable cuts a table of values by program counter: differences of the value
// and of the counter in turn, until one of the value is 0 that is not the first
// (runtime/symtab.go, step).
func pcTable(from []byte) []byte {
	if len(from) == 0 {
		return nil
	}
	for at, pairs := 0, 0; ; pairs++ {
		value, n := binary.Uvarint(from[at:])
		if n <= 0 {
			return nil
		}
		at += n
		if value == 0 && pairs > 0 {
			return from[:at]
		}
		if _, n = binary.Uvarint(from[at:]); n <= 0 {
			return nil
		}
		at += n
	}
}

// idWrapper is that of methods that the compiler has made (internal/abi,
// FuncIDWrapper).
const idWrapper = 23

// short cuts the name of a function and returns what has to be left of it:
//
//   - runtime.argMapInternal knows two functions of reflect by name;
//   - runtime.isSystemGoroutine knows its own by "runtime.";
//   - runtime.panicwrap takes the name of a wrapper, "main.(*T).Method", apart and
//     ends the program where it cannot.
func short(id byte) func(from []byte) []byte {
	return func(from []byte) []byte {
		name, _, ok := bytes.Cut(from, []byte{0})
		own := bytes.HasPrefix(name, []byte("runtime."))
		switch {
		case !ok:
			return nil
		case string(name) == "reflect.makeFuncStub", string(name) == "reflect.methodValueCall":
			return from[:len(name)+1]
		case id == idWrapper && bytes.Contains(name, []byte(".(*")) && own:
			return []byte("runtime.(*?).?\x00")
		case id == idWrapper && bytes.Contains(name, []byte(".(*")):
			return []byte("?.(*?).?\x00")
		case own:
			return []byte("runtime.\x00")
		}
		return []byte{0}
	}
}
