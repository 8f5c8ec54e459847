export default function Page() {
  return <p>weixin-kit</p>
}
