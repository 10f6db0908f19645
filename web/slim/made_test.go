package slim

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// A made program has a line table of three functions and nothing that runs.
type made struct {
	image   []byte
	version string
	// Addresses.
	module, header, names, pcs, records, data, buckets uint64
}

// Places of the records, which differ in length, behind the index.
var recordPlaces = []uint64{32, 32 + 56, 32 + 56 + 72}

func newMade() *made {
	m := &made{version: "go1.26.8"}
	add := func(octets ...[]byte) uint64 {
		for len(m.image)%8 != 0 {
			m.image = append(m.image, 0)
		}
		at := len(m.image)
		m.image = append(m.image, slices.Concat(octets...)...)
		return uint64(at)
	}
	halves := func(all ...uint32) (b []byte) {
		for _, v := range all {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		return b
	}
	words := func(all ...uint64) (b []byte) {
		for _, v := range all {
			b = binary.LittleEndian.AppendUint64(b, v)
		}
		return b
	}
	add(make([]byte, 256))
	m.header = add([]byte(lineTable), words(3, 1, 0, headerSize, 0, 0, 0, 0))
	m.names = add([]byte("first\x00runtime.second\x00main.(*T).Third\x00main.inlined\x00"))
	units := add(halves(0))
	files := add([]byte("main.go\x00"))
	m.pcs = add([]byte("\x00\x02\x01\x00\x04\x01\x00\x06\x01\x00\x08\x01\x02\x01\x00")) // at 1, 4, 7, 10
	tail := func(id, data byte) []byte { return []byte{id, 0, 0, data} }
	m.records = add(
		halves(7, 32, 8, 32+56, 9, 32+56+72, 10, 0),
		halves(7, 0, 0, 0, 1, 4, 7, 1, 0, 11), tail(0, 2), halves(4, 0, 8),
		halves(8, 6, 0, 0, 1, 4, 7, 3, 0, 12), tail(0, 4), halves(10, 0, 10, recordNoData, 0, recordNoData, 16),
		halves(9, 21, 0, 0, 1, 4, 7, 0, 0, 13), tail(idWrapper, 6), halves(recordNoData, 0, recordNoData, recordNoData, recordNoData, 32),
	)
	m.data = add([]byte("mapsmaps"), []byte("objects!"), halves(0, 38, 5, 99), []byte("args"))
	m.buckets = uint64(len(m.image))
	for i := range 33 { // 16 of two functions, and one of the last, in part
		m.image = append(m.image, halves(uint32(i/16))...)
		m.image = append(m.image, make([]byte, 16)...)
	}
	m.image = m.image[:len(m.image)-10]
	last := uint64(len(m.image))
	module := make([]uint64, moduleWords)
	slice := func(i int, at, length uint64) { module[i], module[i+1], module[i+2] = at, length, length }
	module[moduleHeader] = m.header
	slice(moduleNames, m.names, units-m.names)
	slice(moduleUnits, units, 1)
	slice(moduleFiles, files, 8)
	slice(modulePCs, m.pcs, 15)
	slice(moduleRecords, m.records, m.data-m.records)
	slice(moduleIndex, m.records, 4)
	module[moduleBuckets], module[moduleData], module[moduleEnd] = m.buckets, m.data, last
	m.module = add(words(module...))
	return m
}

// octets is the program as a module.
func (m *made) octets() []byte {
	producers := appendVector(nil, []byte("producers"))
	producers = appendVector(append(producers, 1), []byte("language"))
	producers = appendVector(appendVector(append(producers, 1), []byte("Go")), []byte(m.version))
	return module(
		section{typeSection, []byte("\x02\x60\x01\x7f\x01\x7f\x60\x00\x00")},
		section{importSection, []byte("\x01\x04gojs\x01f\x00\x00")},
		section{functionSection, []byte("\x01\x01")},
		section{memorySection, []byte("\x01\x00\x01")},
		section{codeSection, []byte("\x01\x02\x00\x0b")},
		section{dataSection, data(m.image)},
		section{customSection, producers},
	)
}

func module(sections ...section) []byte {
	b := bytes.Clone(header)
	for _, s := range sections {
		b = appendVector(append(b, s.id), s.octets)
	}
	return b
}

// tableOf takes a module apart: its memory, and the line table in it.
func tableOf(t *testing.T, module []byte) ([]section, []byte, functions) {
	t.Helper()
	sections, err := parse(module)
	if err != nil {
		t.Fatal(err)
	}
	image, err := memory(sections)
	if err != nil {
		t.Fatal(err)
	}
	f, err := find(image)
	if err != nil {
		t.Fatal(err)
	}
	return sections, image, f
}

// What only tracebacks print is gone, and so is what follows from the rest; all
// else stands where the records say.
func TestMadeProgram(t *testing.T) {
	slim, err := Program(newMade().octets())
	if err != nil {
		t.Fatal(err)
	}
	_, _, f := tableOf(t, slim)
	if !zero(f.files) || !zero(f.records[:recordPlaces[0]]) || !zero(f.buckets) {
		t.Error("there are files, an index or buckets")
	}
	name := func(field []byte) string {
		name, _, _ := strings.Cut(string(f.names[half(field):]), "\x00")
		return name
	}
	for i, want := range []struct {
		name, pcs string   // the latter of the stack's
		tables    []uint32 // places in pcs, then in data
	}{
		{"", "\x02\x01\x00", []uint32{0, 0, 8}},
		{"runtime.", "\x02\x01\x00", []uint32{0, 0, 4, recordNoData, 0, recordNoData, 16}},
		{"?.(*?).?", "\x02\x01\x00", []uint32{recordNoData, 0, recordNoData, recordNoData, recordNoData, recordNoData}},
	} {
		r := f.records[recordPlaces[i]:]
		var tables []uint32
		for n := recordHead; n < int(recordSize(r)); n += 4 {
			tables = append(tables, half(r[n:]))
		}
		if got := name(r[recordName:]); got != want.name {
			t.Errorf("function %d is called %q, want %q", i, got, want.name)
		}
		if got := f.pcs[half(r[recordStack:]):]; !bytes.HasPrefix(got, []byte(want.pcs)) {
			t.Errorf("function %d: its stack is % x", i, got)
		}
		if !slices.Equal(tables, want.tables) {
			t.Errorf("function %d has tables at %#x, want %#x", i, tables, want.tables)
		}
		for _, field := range []int{recordEntry, recordFile, recordLine, recordUnit, recordStart} {
			if got := half(r[field:]); got != 0 {
				t.Errorf("function %d has %d at %d", i, got, field)
			}
		}
	}
	if string(f.pcs) != "\x00\x02\x01\x00\x08\x01\x02\x01\x00"+"\x00\x00\x00\x00\x00\x00" {
		t.Errorf("values by program counter are % x", f.pcs)
	}
	call := f.data[16:32]
	if string(f.data[:16]) != "mapsmapsobjects!" || name(call[inlineName:]) != "" || half(call[8:]) != 5 || half(call[inlineStart:]) != 0 || !zero(f.data[32:]) {
		t.Errorf("data are %q", f.data)
	}
}

// What is not as it should be is named.
func TestRefusals(t *testing.T) {
	put := func(at func(*made) uint64, value uint32) func(*made) {
		return func(m *made) { putHalf(m.image[at(m):], value) }
	}
	ofModule := func(word uint64) func(*made) uint64 { return func(m *made) uint64 { return m.module + word*wordSize } }
	ofRecord := func(i int, field uint64) func(*made) uint64 {
		return func(m *made) uint64 { return m.records + recordPlaces[i] + field }
	}
	for _, test := range []struct {
		name   string
		change func(*made)
		want   string
	}{
		{"another release", func(m *made) { m.version = "go1.27" }, "go1.27 linked it, and only the layout of go1.26.x is known"},
		{"another magic", func(m *made) { m.image[m.header] = 0xf0 }, "its line table begins with f0 ff ff ff 00 00 01 08, and only f1 ff ff ff"},
		{"words of 32 bits", func(m *made) { m.image[m.header+7] = 4 }, "00 00 01 04, and only"},
		{"no line table", put(ofModule(moduleNames), 8), "no line table"},
		{"names outside", put(ofModule(moduleNames+1), 1<<31), "in a memory of 0x10000 octets"},
		{"data outside", put(ofModule(moduleEnd), 1<<31), "in a memory of 0x10000 octets"},
		{"data backwards", put(ofModule(moduleEnd), 1), "in a memory of 0x10000 octets"},
		{"fewer functions than indexed", func(m *made) { m.image[m.header+headerCount] = 2 }, "has 2 functions, and an index of 4"},
		{"an index elsewhere", put(ofModule(moduleIndex), 8), "index of 4 at 0x8"},
		{"an index of more than there is", func(m *made) {
			m.image[m.header+headerCount] = 200
			m.image[m.module+(moduleIndex+1)*wordSize] = 201
		}, "has 200 functions"},
		{"a record elsewhere", func(m *made) { putHalf(m.image[m.records+4:], 40) }, "function 0: it has no record"},
		{"a record outside", func(m *made) { putHalf(m.image[m.records+4:], 1<<31) }, "function 0: it has no record"},
		{"a record that goes on", put(ofRecord(2, recordPCs), 1<<30), "function 2: it has no record"},
		{"a name outside", put(ofRecord(1, recordName), 1<<31), "function 1: it leads to nothing"},
		{"a table outside", put(ofRecord(1, recordStack), 1<<31), "function 1: it leads to nothing"},
		{"a table without an end", func(m *made) { m.image[m.pcs+14] = 1 }, "function 1: it leads to nothing"},
		{"data behind their end", put(ofRecord(0, recordHead+4), 36), "function 0: its data are not"},
		{"an inlined call without a name", func(m *made) { putHalf(m.image[m.data+16+inlineName:], 1<<31) }, "an inlined call: it leads to nothing"},
		{"a gap in the functions", func(m *made) {
			putHalf(m.image[m.records+16:], 10)
			putHalf(m.image[m.records+recordPlaces[2]:], 10)
		}, "function 2 does not follow"},
		{"no end of the last", func(m *made) { m.image[m.records+24] = 11 }, "no end behind the last function"},
		{"a bucket of another function", func(m *made) { m.image[m.buckets+16*bucketSize] = 2 }, "bucket 16"},
		{"a bucket in parts", func(m *made) { m.image[m.buckets+5] = 1 }, "bucket 0"},
		{"no buckets", func(m *made) { putHalf(m.image[m.module+moduleEnd*wordSize:], uint32(m.buckets)) }, "no buckets"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newMade()
			test.change(m)
			if _, err := Program(m.octets()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

// Whatever is changed or missing in a program, the rest is read within its
// bounds.
func TestDamage(t *testing.T) {
	whole := newMade()
	octets := whole.octets()
	refused := 0
	try := func(octets []byte) {
		if slim, err := Program(octets); err != nil {
			refused++
		} else if _, err := parse(slim); err != nil {
			t.Errorf("made what cannot be read: %v", err)
		}
	}
	for i := range octets {
		try(octets[:i])
	}
	if refused != len(octets) {
		t.Errorf("%d of %d programs that are cut short are refused", refused, len(octets))
	}
	for i := range octets {
		for _, b := range []byte{0, 1, 0x7f, 0xff} {
			damaged := bytes.Clone(octets)
			damaged[i] ^= b
			try(damaged)
		}
	}
	for i := range whole.image {
		for _, b := range []byte{1, 0x7f, 0xff} {
			m := newMade()
			m.image[i] ^= b
			try(m.octets())
		}
	}
}
