package dev.ashlar.backend.cpu.x86;

import static dev.ashlar.backend.cpu.x86.Vec.zmm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Byte for byte what binutils writes; {@code src/test/scripts/expected-encodings.py} made the table. */
class AssemblerTest {

  @Test void everyEncodingIsThatOfBinutils() throws IOException {
    assertThat(table().stream().filter(line -> !encode(line).equals(line)).map(line -> line + " but was "
        + encode(line))).isEmpty();
  }

  @Test void everyInstructionIsInTheTable() throws IOException {
    var covered = table().stream().map(line -> line.split("[ \t]")[0]).collect(Collectors.toSet());
    assertThat(Arrays.stream(Instruction.values()).map(i -> i.name().toLowerCase(Locale.ROOT)))
        .isSubsetOf(covered);
  }

  private static String encode(String line) {
    var text = line.substring(0, line.indexOf('\t'));
    try {
      return text + "\t" + HexFormat.of().formatHex(IntelSyntax.assemble(text));
    } catch (IllegalArgumentException refused) {
      return text + "\t" + refused.getMessage();
    }
  }

  private static List<String> table() throws IOException {
    try (var stream = AssemblerTest.class.getResourceAsStream("encodings.tsv")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test void aByteIsStoredFromAnyRegister() {
    var a = new Assembler();
    a.mov8(Mem.at(Gpr.RAX), Gpr.RCX); // mov byte ptr [rax], cl
    a.mov8(Mem.at(Gpr.RAX), Gpr.RSI); // mov byte ptr [rax], sil: only with a prefix, else it is dh
    a.mov8(Mem.at(Gpr.R9, 8), Gpr.R10); // mov byte ptr [r9+8], r10b
    a.signExtendIntoRdx(); // cqo
    assertThat(hex(a)).isEqualTo("8808" + "408830" + "45885108" + "4899");
  }

  @Test void jumpsBackAreShortAndJumpsForwardAreNear() {
    var a = new Assembler();
    var end = a.newLabel();
    var loop = a.here();
    a.jump(Condition.EQUAL, end); // 0f 84 rel32: to 13, from 6
    a.dec(Gpr.RCX);
    a.jump(Condition.NOT_EQUAL, loop); // 75 rel8: to 0, from 11
    a.jump(loop); // eb rel8: to 0, from 13
    a.bind(end);
    a.ret();
    assertThat(hex(a)).isEqualTo("0f8407000000" + "48ffc9" + "75f5" + "ebf3" + "c3");
  }

  @Test void aJumpBackThatIsTooFarForAByteIsNear() {
    var a = new Assembler();
    var loop = a.here();
    a.align(8); // nothing: already there
    for (int i = 0; i < 127; i++) {
      a.ret();
    }
    a.jump(Condition.LESS, loop);
    a.jump(loop);
    assertThat(hex(a)).endsWith("c3" + "0f8c7bffffff" + "e976ffffff");
  }

  @Test void alignmentIsFilledWithNoOperations() {
    var a = new Assembler();
    a.ret();
    a.align(16);
    a.ret();
    assertThat(hex(a)).isEqualTo("c3" + "0f1f840000000000" + "0f1f8000000000" + "c3");
  }

  @Test void constantsLieBehindTheCodeOnceEachLargestFirst() {
    var a = new Assembler();
    a.emit(Instruction.VADDPS, zmm(1), zmm(2), a.constant(1f).broadcasted());
    a.emit(Instruction.VPERMD, Vec.ymm(1), Vec.ymm(2), a.constants(7, 6, 5, 4, 3, 2, 1, 0));
    a.emit(Instruction.VCMPPS, Vec.ymm(1), Vec.ymm(2), a.constants(7, 6, 5, 4, 3, 2, 1, 0), Imm.imm(1));
    a.emit(Instruction.VADDPS, zmm(1), zmm(2), a.constant(1f).broadcasted());
    a.ret();
    var code = HexFormat.of().parseHex(hex(a));
    assertThat(code).hasSize(64 + 32 + 4);
    // Each displacement counts from the end of its instruction, the immediate byte included.
    assertThat(littleEndian(code, 6)).isEqualTo(64 + 32 - 10);
    assertThat(littleEndian(code, 10 + 5)).isEqualTo(64 - 19);
    assertThat(littleEndian(code, 19 + 4)).isEqualTo(64 - 28);
    assertThat(littleEndian(code, 28 + 6)).isEqualTo(64 + 32 - 38);
    assertThat(littleEndian(code, 64)).isEqualTo(7);
    assertThat(littleEndian(code, 96)).isEqualTo(Float.floatToIntBits(1f));
  }

  private static int littleEndian(byte[] code, int position) {
    return java.nio.ByteBuffer.wrap(code).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(position);
  }

  private static String hex(Assembler assembler) {
    return HexFormat.of().formatHex(assembler.finish());
  }

  @Test void operandsThatAnInstructionDoesNotTakeAreRefused() {
    var a = new Assembler();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> a.emit(Instruction.VMASKMOVPS, zmm(0), zmm(1), Mem.at(Gpr.RAX)))
        .withMessageContaining("vmaskmovps takes no operands");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> a.emit(Instruction.VMOVUPS, zmm(0), Mem.at(Gpr.RAX).broadcasted()));
    assertThatIllegalArgumentException().isThrownBy(() -> zmm(0).masked(MaskRegister.K0));
    assertThatIllegalArgumentException().isThrownBy(() -> Mem.at(Gpr.RAX).zeroed(MaskRegister.K1));
    assertThatIllegalArgumentException().isThrownBy(() -> Mem.at(Gpr.RAX, Gpr.RSP, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> a.constants(1, 2, 3));
  }

  @Test void aLabelWithoutAPlaceIsNoticed() {
    var a = new Assembler();
    a.jump(a.newLabel());
    assertThatIllegalStateException().isThrownBy(a::finish);
  }
}
